import type { IncomingMessage, Server } from 'node:http';
import { Injectable } from '@nestjs/common';
import { Bulkhead } from '@gpt4video/platform/bulkhead';
import { Drain } from '@gpt4video/platform/drain';
import { Metrics } from '@gpt4video/platform/metrics';
import { DomainError } from '@gpt4video/ports/errors';
import { GatewayConfig } from '../../config.js';
import type { StageState } from '../../core/operations/operations-board.js';
import { RecentRate } from '../../core/operations/recent-rate.js';
import type { Tenant } from '../../core/tenants/tenant.js';
import { GATEWAY_METRICS } from '../../metrics.js';
import { DoorCloser } from './door-closer.js';

const RETRY_AFTER_MS = 2_000;

/** Who is let in: bounds chat turns in all and for each tenant, and knows what is in hand when the server drains. */
@Injectable()
export class Admission {
  private readonly places: Bulkhead;
  private readonly ended = new RecentRate();
  private readonly ofTenant = new Map<string, number>();
  private readonly inHand = new Set<IncomingMessage>();
  private leaving = false;

  constructor(
    private readonly config: GatewayConfig,
    private readonly drain: Drain,
    metrics: Metrics,
  ) {
    this.places = new Bulkhead('chat turns', { concurrency: config.chatConcurrency, queue: config.chatQueue, retryAfterMs: RETRY_AFTER_MS });
    const { turnsWaiting } = metrics.use(GATEWAY_METRICS);
    metrics.onScrape(() => turnsWaiting.set(this.places.queued));
    drain.add('readiness', 'HTTP', async () => void (this.leaving = true));
  }

  /** Closes this server's door when the process drains. */
  guard(server: Server): void {
    const door = new DoorCloser(server, this.inHand);
    this.drain.add('admission', 'HTTP', (graceMs) => door.close(graceMs));
  }

  /** True from the moment when the server is called not ready: it still answers, and its clients should connect to another. */
  get lameDuck(): boolean {
    return this.leaving;
  }

  /** Chat turns in hand. */
  get activeTurns(): number {
    return this.places.active;
  }

  /** How the turns of this process stand. */
  get turns(): StageState {
    const { queued, active } = this.places;
    return { name: 'dialogue', waiting: queued, oldestMs: queued === 0 ? 0 : null, inHand: active, perMinute: this.ended.perMinute(performance.now()) };
  }

  /** A request has come in. */
  begin(request: IncomingMessage): void {
    this.inHand.add(request);
  }

  /** A request was answered. */
  end(request: IncomingMessage): void {
    this.inHand.delete(request);
  }

  /** A place for a chat turn until the returned function is called. Throws `rate_limited` for a tenant with too many, `overloaded` when the queue is full. */
  async enterTurn({ id: tenantId, concurrency = this.config.tenantConcurrency }: Pick<Tenant, 'id' | 'concurrency'>, signal: AbortSignal): Promise<() => void> {
    const mine = this.ofTenant.get(tenantId) ?? 0;
    if (mine >= concurrency) {
      throw new DomainError('rate_limited', `You have ${mine} chat turns in hand, the most for one tenant; wait for one to end.`, { retryAfterMs: RETRY_AFTER_MS });
    }
    this.ofTenant.set(tenantId, mine + 1);
    const free = (): void => this.leaveTenant(tenantId);
    try {
      const leave = await this.places.enter(signal);
      return () => {
        leave();
        free();
        this.ended.note(performance.now());
      };
    } catch (error) {
      free();
      throw error;
    }
  }

  private leaveTenant(tenantId: string): void {
    const left = (this.ofTenant.get(tenantId) ?? 1) - 1;
    if (left === 0) this.ofTenant.delete(tenantId);
    else this.ofTenant.set(tenantId, left);
  }
}
