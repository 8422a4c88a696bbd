import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { Drain } from '@gpt4video/platform/drain';
import { Logger } from '@gpt4video/platform/logging';
import { Metrics } from '@gpt4video/platform/metrics';
import { isDomainError } from '@gpt4video/ports/errors';
import { GenerationQueue } from '../core/generations/generation-queue.js';
import { GATEWAY_METRICS } from '../metrics.js';
import { GatewayDatabase } from './gateway-database.js';
import { migrate } from './migrate.js';
import { OrphanCollector } from './orphan-collector.js';
import { OutboxRelay } from './outbox-relay.js';
import { OutboxRows } from './outbox-rows.js';
import { RetentionSweeper } from './retention-sweeper.js';

const PERIOD_MS = 2_000;
/** How long a start waits for the database, and between looks. */
const PATIENCE_MS = 60_000;
const AGAIN_MS = 500;
/** Rounds between sweeps (a minute), and between looks at every object (an hour). */
const SWEEP_EVERY = 30;
const COLLECT_EVERY = 1_800;

/** What removes what is over. */
@Injectable()
export class Retention {
  constructor(
    readonly sweeper: RetentionSweeper,
    readonly orphans: OrphanCollector,
  ) {}
}

/** What stands between the runner and its parts. */
@Injectable()
export class StorageParts {
  constructor(
    readonly database: GatewayDatabase,
    readonly relay: OutboxRelay,
    readonly outbox: OutboxRows,
    readonly queue: GenerationQueue,
    readonly retention: Retention,
  ) {}
}

/** Brings the tables up to date at the start; then carries facts, deals with lost leases and takes the queue's measure. */
@Injectable()
export class StorageRunner implements OnModuleInit, OnApplicationBootstrap {
  private readonly instruments;
  private timer: NodeJS.Timeout | undefined;
  private rounds = 0;
  private round: Promise<void> = Promise.resolve();
  /** Beside the rounds, since a large store takes long to look through. */
  private collection: Promise<void> = Promise.resolve();
  private readonly stopping = new AbortController();

  constructor(
    private readonly parts: StorageParts,
    private readonly drain: Drain,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.instruments = metrics.use(GATEWAY_METRICS);
  }

  async onModuleInit(): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      try {
        return void (await migrate(this.parts.database));
      } catch (error) {
        // A database that starts beside us, or is very busy, is worth waiting for.
        if (!isDomainError(error) || error.code !== 'unavailable' || performance.now() > end) throw error;
        this.logger.warn('the database is waited for', { err: error });
        await delay(AGAIN_MS);
      }
    }
  }

  onApplicationBootstrap(): void {
    this.parts.relay.start();
    this.timer = setInterval(() => {
      this.round = this.round.then(() => this.keepHouse());
    }, PERIOD_MS);
    this.timer.unref();
    this.drain.add('work', 'outbox', (graceMs) => this.parts.relay.stop(graceMs));
    this.drain.add('reporting', 'queue keeping', () => this.stop());
  }

  private async stop(): Promise<void> {
    clearInterval(this.timer);
    this.stopping.abort();
    await this.round;
    await this.collection;
  }

  private async keepHouse(): Promise<void> {
    try {
      const reaped = await this.parts.queue.reap();
      if (reaped > 0) this.logger.warn('leases ran out', { count: reaped });
      this.instruments.leasesReapedTotal.inc(reaped);
      await this.measure();
      this.rounds += 1;
      if (this.rounds % SWEEP_EVERY === 0) await this.parts.retention.sweeper.sweep();
      if (this.rounds % COLLECT_EVERY === 0) this.collection = this.collection.then(() => this.collect());
    } catch (error) {
      this.logger.warn('the queue could not be kept; it is tried again', { err: error });
    }
  }

  private async collect(): Promise<void> {
    try {
      const removed = await this.parts.retention.orphans.collect(this.stopping.signal);
      if (removed > 0) this.logger.info('objects without a row were removed', { count: removed });
    } catch (error) {
      this.logger.warn('objects without a row could not be removed; it is tried again', { err: error });
    }
  }

  private async measure(): Promise<void> {
    const [depth, lag] = await Promise.all([this.parts.queue.depth(), this.parts.outbox.lag()]);
    this.instruments.queueDepth.set({ state: 'queued' }, depth.queued);
    this.instruments.queueDepth.set({ state: 'in_progress' }, depth.inProgress);
    this.instruments.queueOldestSeconds.set(depth.oldestMs / 1_000);
    this.instruments.outboxWaiting.set(lag.waiting);
    this.instruments.outboxLagSeconds.set(lag.oldestMs / 1_000);
  }
}
