import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { IdempotencyKeys } from '../../core/tenants/idempotency-keys.js';
import { idempotencyKeyOf, inFlight, otherRequest } from './idempotency.js';

/** An answer, and whether it is the first one again. */
export interface OnceAnswer {
  readonly answer: unknown;
  readonly replayed: boolean;
}

/** Makes a request with an `Idempotency-Key` happen once; what it answered is kept for a day. */
@Injectable()
export class RequestOnce {
  constructor(private readonly keys: IdempotencyKeys) {}

  /** The first answer again, or that of `work`. Throws `idempotency_mismatch` for another body, `conflict` while the first is in flight. Work that throws frees the key. */
  async run(request: FastifyRequest, work: () => Promise<unknown>): Promise<OnceAnswer> {
    const key = idempotencyKeyOf(request);
    if (key === undefined) return { answer: await work(), replayed: false };
    const slot = { tenantId: request.tenant?.id ?? '', key, fingerprint: fingerprintOf(request) };
    const claim = await this.keys.claim(slot);
    if (claim.kind === 'mismatch') throw otherRequest();
    if (claim.kind === 'busy') throw inFlight();
    if (claim.kind === 'replay') return { answer: claim.body, replayed: true };
    request.once = claim.once;
    try {
      const answer = await work();
      await this.keys.settle(slot, answer);
      return { answer, replayed: false };
    } catch (error) {
      await this.keys.free(slot);
      throw error;
    }
  }
}

function fingerprintOf({ method, url, body }: FastifyRequest): string {
  return createHash('sha256').update(JSON.stringify([method, url, body])).digest('hex');
}
