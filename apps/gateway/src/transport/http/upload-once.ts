import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DomainError } from '@gpt4video/ports/errors';
import type { FastifyRequest } from 'fastify';
import { IdempotencyKeys } from '../../core/tenants/idempotency-keys.js';
import { idempotencyKeyOf, inFlight, otherRequest } from './idempotency.js';

/** The answer to an upload, and whether it is the first one again. */
export interface UploadAnswer {
  readonly answer: unknown;
  readonly replayed: boolean;
}

/**
 * Makes an upload with an `Idempotency-Key` happen once. A file's bytes are only known when they have passed by, so a repeat is told
 * apart from another file by reading it to its end and comparing its SHA-256 with that of the first answer.
 */
@Injectable()
export class UploadOnce {
  constructor(private readonly keys: IdempotencyKeys) {}

  /** The first answer again, or that of `work`. Throws `idempotency_mismatch` for other bytes, `conflict` while the first is in flight. */
  async run(request: FastifyRequest, body: AsyncIterable<Uint8Array>, work: (once?: string) => Promise<unknown>): Promise<UploadAnswer> {
    const key = idempotencyKeyOf(request);
    if (key === undefined) return { answer: await work(), replayed: false };
    const slot = { tenantId: request.tenant?.id ?? '', key, fingerprint: 'POST /v1/files' };
    const claim = await this.keys.claim(slot);
    if (claim.kind === 'mismatch') throw otherRequest();
    if (claim.kind === 'busy') throw inFlight();
    if (claim.kind === 'replay') {
      if ((await sha256Of(body)) !== sha256In(claim.body)) throw otherRequest();
      return { answer: claim.body, replayed: true };
    }
    try {
      const answer = await work(claim.once);
      await this.keys.settle(slot, answer);
      return { answer, replayed: false };
    } catch (error) {
      await this.keys.free(slot);
      throw error;
    }
  }
}

async function sha256Of(body: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of body) hash.update(chunk);
  return hash.digest('hex');
}

function sha256In(answer: unknown): string {
  if (typeof answer === 'object' && answer !== null && 'sha256' in answer && typeof answer.sha256 === 'string') return answer.sha256;
  throw new DomainError('internal', 'The kept answer of an upload has no digest.');
}
