import { Injectable } from '@nestjs/common';
import { DomainError } from '@gpt4video/ports/errors';
import type { FastifyReply } from 'fastify';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { GatewayConfig } from '../../config.js';
import type { Tenant } from '../../core/tenants/tenant.js';

/** Seconds in which requests and tokens are counted together. */
export const WINDOW_S = 60;

/** Where a tenant stands. */
export interface Standing {
  readonly points: number;
  readonly left: number;
  readonly msBeforeNext: number;
}

/**
 * Counts each tenant's requests in windows of a minute, in this process's memory: a request pays no row for being counted, and
 * several replicas let that many times more through. Tells where the tenant stands in both dialects: `x-ratelimit-*` and `RateLimit`.
 */
@Injectable()
export class RateLimit {
  private readonly limiters = new LimiterBySize();

  constructor(private readonly config: GatewayConfig) {}

  /** Counts a request and writes the headers. Throws `rate_limited` when it is one too many. */
  async admit({ id, requestsPerMinute }: Tenant, reply: FastifyReply): Promise<void> {
    const points = requestsPerMinute ?? this.config.tenantRequestsPerMinute;
    const { state, allowed } = await this.count(id, points);
    const { msBeforeNext } = state;
    void reply.headers(limitHeaders('requests', { points, left: state.remainingPoints, msBeforeNext }, reply));
    if (!allowed) throw new DomainError('rate_limited', `You have made ${points} requests in this minute, the most for one tenant; wait ${secondsOf(msBeforeNext)} s.`, { retryAfterMs: state.msBeforeNext });
  }

  private async count(tenantId: string, points: number): Promise<{ readonly state: RateLimiterRes; readonly allowed: boolean }> {
    try {
      return { state: await this.limiters.of(points).consume(tenantId), allowed: true };
    } catch (state) {
      if (state instanceof RateLimiterRes) return { state, allowed: false };
      throw state;
    }
  }
}

/** One limiter for each number, since tenants differ. */
export class LimiterBySize {
  private readonly known = new Map<number, RateLimiterMemory>();

  of(points: number): RateLimiterMemory {
    const limiter = this.known.get(points) ?? new RateLimiterMemory({ points, duration: WINDOW_S });
    this.known.set(points, limiter);
    return limiter;
  }
}

/** The headers of one count; the standard ones join those of the other. */
export function limitHeaders(what: 'requests' | 'tokens', { points, left: remaining, msBeforeNext }: Standing, reply: FastifyReply): Record<string, string> {
  const [seconds, left] = [secondsOf(msBeforeNext), Math.max(0, remaining)];
  const joined = (name: string, item: string): string => [reply.getHeader(name), item].filter((each) => each !== undefined).join(', ');
  return {
    [`x-ratelimit-limit-${what}`]: String(points),
    [`x-ratelimit-remaining-${what}`]: String(left),
    [`x-ratelimit-reset-${what}`]: `${seconds}s`,
    'ratelimit-policy': joined('ratelimit-policy', `"${what}";q=${points};w=${WINDOW_S}`),
    ratelimit: joined('ratelimit', `"${what}";r=${left};t=${seconds}`),
  };
}

function secondsOf(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1_000));
}
