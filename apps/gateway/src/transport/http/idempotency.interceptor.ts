import { createHash } from 'node:crypto';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { DomainError } from '@gpt4video/ports/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { IdempotencyKeys } from '../../core/tenants/idempotency-keys.js';

const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * Makes a POST with an `Idempotency-Key` happen once: a repeat gets the first answer with `idempotent-replayed: true`, another body
 * under the same key 422, a repeat while the first is in flight 409. A failed first attempt frees the key. Keys live for a day.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(private readonly keys: IdempotencyKeys) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const key = request.headers['idempotency-key'];
    if (key === undefined || request.isMultipart()) return next.handle();
    return from(this.once(String(key), request, context.switchToHttp().getResponse<FastifyReply>(), next));
  }

  private async once(key: string, request: FastifyRequest, reply: FastifyReply, next: CallHandler): Promise<unknown> {
    if (!KEY.test(key)) throw new DomainError('invalid_request', 'The Idempotency-Key is not 1 to 255 visible ASCII characters; use a UUID.', { param: 'Idempotency-Key' });
    const slot = { tenantId: request.tenant?.id ?? '', key, fingerprint: fingerprintOf(request) };
    const claim = await this.keys.claim(slot);
    if (claim.kind === 'mismatch') throw new DomainError('idempotency_mismatch', 'This Idempotency-Key was used with another request; use a fresh key.');
    if (claim.kind === 'busy') throw new DomainError('conflict', 'The first request with this Idempotency-Key is still in flight; try again in a moment.');
    if (claim.kind === 'replay') {
      void reply.header('idempotent-replayed', 'true');
      return claim.body;
    }
    try {
      const body: unknown = await lastValueFrom(next.handle());
      await this.keys.settle(slot, body);
      return body;
    } catch (error) {
      await this.keys.free(slot);
      throw error;
    }
  }
}

function fingerprintOf({ method, url, body }: FastifyRequest): string {
  return createHash('sha256').update(JSON.stringify([method, url, body])).digest('hex');
}
