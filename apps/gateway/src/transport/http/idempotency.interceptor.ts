import { createHash } from 'node:crypto';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { IdempotencyKeys } from '../../core/tenants/idempotency-keys.js';
import { idempotencyKeyOf, inFlight, otherRequest } from './idempotency.js';

/**
 * Makes a POST with an `Idempotency-Key` happen once: a repeat gets the first answer with `idempotent-replayed: true`, another body
 * under the same key 422, a repeat while the first is in flight 409. A failed first attempt frees the key; what it may
 * have made all the same is found again by the next one, which names it alike. Keys live for a day.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(private readonly keys: IdempotencyKeys) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const key = idempotencyKeyOf(request);
    if (key === undefined || request.isMultipart()) return next.handle();
    return from(this.once(key, request, context.switchToHttp().getResponse<FastifyReply>(), next));
  }

  private async once(key: string, request: FastifyRequest, reply: FastifyReply, next: CallHandler): Promise<unknown> {
    const slot = { tenantId: request.tenant?.id ?? '', key, fingerprint: fingerprintOf(request) };
    const claim = await this.keys.claim(slot);
    if (claim.kind === 'mismatch') throw otherRequest();
    if (claim.kind === 'busy') throw inFlight();
    if (claim.kind === 'replay') {
      void reply.header('idempotent-replayed', 'true');
      return claim.body;
    }
    request.once = claim.once;
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
