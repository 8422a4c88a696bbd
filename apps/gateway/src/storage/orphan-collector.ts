import { Injectable } from '@nestjs/common';
import { ObjectStore } from '@gpt4video/ports/object-store';
import { RetentionPolicy } from './retention-policy.js';
import { BATCH, RetentionRows } from './retention-rows.js';

/**
 * Removes objects that no row names: what a crash left between a put and its row, what a lost attempt at a film stored, frames and
 * features of videos that are gone. An object that is young may get its row yet, and what an unfinished put holds is not listed at all.
 */
@Injectable()
export class OrphanCollector {
  constructor(
    private readonly store: ObjectStore,
    private readonly rows: RetentionRows,
    private readonly policy: RetentionPolicy,
  ) {}

  /** Looks at every object once, or until the signal. Resolves with how many it removed. */
  async collect(signal?: AbortSignal): Promise<number> {
    const storedBefore = (await this.rows.now()) - this.policy.orphanAgeMs;
    let removed = 0;
    let old: string[] = [];
    for await (const { key, storedAtMs } of this.store.list('')) {
      if (signal?.aborted === true) return removed;
      if (storedAtMs < storedBefore) old.push(key);
      if (old.length < BATCH) continue;
      removed += await this.remove(old);
      old = [];
    }
    return removed + (await this.remove(old));
  }

  private async remove(keys: readonly string[]): Promise<number> {
    const orphans = keys.length === 0 ? [] : await this.rows.orphansAmong(keys);
    for (const key of orphans) await this.store.delete(key);
    return orphans.length;
  }
}
