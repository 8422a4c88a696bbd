import { Injectable } from '@nestjs/common';
import { DomainError } from '@gpt4video/ports/errors';
import type { FastifyReply } from 'fastify';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { GatewayConfig } from '../../config.js';
import type { Tenant } from '../../core/tenants/tenant.js';
import { LimiterBySize, limitHeaders, WINDOW_S } from './rate-limit.js';

/** Tokens that a turn may take, taken already. */
export interface ReservedTokens {
  /** Gives back what the turn did not take, or takes what it took beyond. A turn that breaks off leaves its tokens. */
  settle(took: number): Promise<void>;
}

/** Counts each tenant's tokens in windows of a minute, as `RateLimit` counts requests. */
@Injectable()
export class TokenLimit {
  private readonly limiters = new LimiterBySize();

  constructor(private readonly config: GatewayConfig) {}

  /** Takes the most that a turn may answer with, and writes the headers. Throws `rate_limited` when that is not left. */
  async reserve({ id, tokensPerMinute }: Tenant, most: number, reply: FastifyReply): Promise<ReservedTokens> {
    const points = tokensPerMinute ?? this.config.tenantTokensPerMinute;
    const limiter = this.limiters.of(points);
    const wanted = Math.min(most, points);
    const known = await limiter.get(id);
    const msBeforeNext = known === null ? WINDOW_S * 1_000 : known.msBeforeNext;
    const left = known === null ? points : points - known.consumedPoints;
    if (left < wanted) {
      void reply.headers(limitHeaders('tokens', { points, left, msBeforeNext }, reply));
      throw new DomainError('rate_limited', `You have ${Math.max(0, left)} of ${points} tokens left in this minute, and the answer may take ${wanted}; wait, or lower "max_completion_tokens".`, { retryAfterMs: msBeforeNext });
    }
    const taken = await limiter.penalty(id, wanted);
    void reply.headers(limitHeaders('tokens', { points, left: points - taken.consumedPoints, msBeforeNext: taken.msBeforeNext }, reply));
    return reservation(limiter, id, wanted, taken.msBeforeNext);
  }
}

function reservation(limiter: RateLimiterMemory, id: string, wanted: number, msBeforeNext: number): ReservedTokens {
  const end = performance.now() + msBeforeNext;
  const settle = async (took: number): Promise<void> => {
    if (took > wanted) await limiter.penalty(id, took - wanted);
    // The tokens of a window that is over are no gift to the next.
    else if (performance.now() < end) await limiter.reward(id, wanted - took);
  };
  return { settle };
}
