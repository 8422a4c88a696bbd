import { Injectable } from '@nestjs/common';
import { DomainError } from '@gpt4video/ports/errors';
import type { FastifyReply } from 'fastify';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { GatewayConfig } from '../../config.js';
import type { Tenant } from '../../core/tenants/tenant.js';

const WINDOW_S = 60;

/**
 * Counts each tenant's requests in windows of a minute, in this process's memory: a request pays no row for being counted, and
 * several replicas let that many times more through. Tells where the tenant stands in both dialects: `x-ratelimit-*` and `RateLimit`.
 */
@Injectable()
export class RateLimit {
  /** One limiter for each size of window, since tenants differ. */
  private readonly limiters = new Map<number, RateLimiterMemory>();

  constructor(private readonly config: GatewayConfig) {}

  /** Counts a request and writes the headers. Throws `rate_limited` when it is one too many. */
  async admit({ id, requestsPerMinute }: Tenant, reply: FastifyReply): Promise<void> {
    const points = requestsPerMinute ?? this.config.tenantRequestsPerMinute;
    const { state, allowed } = await this.count(id, points);
    const seconds = Math.max(1, Math.ceil(state.msBeforeNext / 1_000));
    const left = Math.max(0, state.remainingPoints);
    void reply.headers({
      'x-ratelimit-limit-requests': String(points),
      'x-ratelimit-remaining-requests': String(left),
      'x-ratelimit-reset-requests': `${seconds}s`,
      'ratelimit-policy': `"requests";q=${points};w=${WINDOW_S}`,
      ratelimit: `"requests";r=${left};t=${seconds}`,
    });
    if (!allowed) throw new DomainError('rate_limited', `You have made ${points} requests in this minute, the most for one tenant; wait ${seconds} s.`, { retryAfterMs: state.msBeforeNext });
  }

  private async count(tenantId: string, points: number): Promise<{ readonly state: RateLimiterRes; readonly allowed: boolean }> {
    try {
      return { state: await this.limiterOf(points).consume(tenantId), allowed: true };
    } catch (state) {
      if (state instanceof RateLimiterRes) return { state, allowed: false };
      throw state;
    }
  }

  private limiterOf(points: number): RateLimiterMemory {
    const known = this.limiters.get(points) ?? new RateLimiterMemory({ points, duration: WINDOW_S });
    this.limiters.set(points, known);
    return known;
  }
}
