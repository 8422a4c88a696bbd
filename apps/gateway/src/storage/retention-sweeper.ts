import { Injectable } from '@nestjs/common';
import { Logger } from '@gpt4video/platform/logging';
import { ObjectStore } from '@gpt4video/ports/object-store';
import { OutboxRows } from './outbox-rows.js';
import { RetentionPolicy } from './retention-policy.js';
import { BATCH, RetentionRows } from './retention-rows.js';

/** What one sweep removed. */
export interface Swept {
  readonly files: number;
  /** Objects of films. */
  readonly filmObjects: number;
  readonly idempotencyKeys: number;
}

/**
 * Removes what nobody may ask for any more: the row first, then the bytes. Bytes whose removal fails, or is cut off by a crash, belong to
 * no row from then on, and the orphan collector finds them.
 */
@Injectable()
export class RetentionSweeper {
  constructor(
    private readonly rows: RetentionRows,
    private readonly outbox: OutboxRows,
    private readonly store: ObjectStore,
    private readonly policy: RetentionPolicy,
    private readonly logger: Logger,
  ) {}

  /** Sweeps until nothing is due. */
  async sweep(): Promise<Swept> {
    const files = await this.drain(() => this.rows.expireFiles());
    const filmObjects = await this.drain(() => this.rows.expireGenerations(this.policy.generationRetentionMs));
    const idempotencyKeys = await this.repeat(() => this.rows.expireIdempotencyKeys());
    await this.repeat(() => this.rows.expireDeliveries(this.policy.deliveryRetentionMs));
    await this.outbox.prune(this.policy.deliveryRetentionMs);
    return { files, filmObjects, idempotencyKeys };
  }

  private async repeat(expire: () => Promise<number>): Promise<number> {
    let total = 0;
    for (let removed = BATCH; removed === BATCH; total += removed) removed = await expire();
    return total;
  }

  private async drain(expire: () => Promise<readonly string[]>): Promise<number> {
    for (let removed = 0; ; ) {
      const keys = await expire();
      if (keys.length === 0) return removed;
      removed += keys.length;
      for (const key of keys) await this.store.delete(key).catch((error: unknown) => this.logger.warn('bytes of an expired row are left to the orphan collector', { err: error }));
    }
  }
}
