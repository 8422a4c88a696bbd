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

/** Renewals of a claim within its lock: one may be lost. */
const RENEWALS = 3;

/** Makes a request with an `Idempotency-Key` happen once; what it answered is kept for a day. */
@Injectable()
export class RequestOnce {
  constructor(private readonly keys: IdempotencyKeys) {}

  /** The first answer again, or that of `work`. Throws `idempotency_mismatch` for another body, `conflict` while the first is in flight. Work that throws frees the key. */
  run(request: FastifyRequest, work: () => Promise<unknown>): Promise<OnceAnswer> {
    return this.runAs(request, request.body, work);
  }

  /** The same where `content` stands for the body when requests are compared. */
  async runAs(request: FastifyRequest, content: unknown, work: () => Promise<unknown>): Promise<OnceAnswer> {
    const key = idempotencyKeyOf(request);
    if (key === undefined) return { answer: await work(), replayed: false };
    const slot = { tenantId: request.tenant?.id ?? '', key, fingerprint: fingerprintOf(request, content) };
    const claim = await this.keys.claim(slot);
    if (claim.kind === 'mismatch') throw otherRequest();
    if (claim.kind === 'busy') throw inFlight();
    if (claim.kind === 'replay') return { answer: claim.body, replayed: true };
    request.once = claim.once;
    // An answer may take longer than a claim lasts.
    const holding = setInterval(() => void this.keys.renew(slot).catch(() => undefined), this.keys.lockMs / RENEWALS);
    try {
      const answer = await work();
      await this.keys.settle(slot, answer);
      return { answer, replayed: false };
    } catch (error) {
      await this.keys.free(slot);
      throw error;
    } finally {
      clearInterval(holding);
    }
  }
}

function fingerprintOf({ method, url }: FastifyRequest, content: unknown): string {
  return createHash('sha256').update(JSON.stringify([method, url, content])).digest('hex');
}
