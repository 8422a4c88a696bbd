import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { markReplayed } from './idempotency.js';
import { RequestOnce } from './request-once.js';

/**
 * Makes a POST with an `Idempotency-Key` happen once: a repeat gets the first answer with `idempotent-replayed: true`, another body
 * under the same key 422, a repeat while the first is in flight 409. A failed first attempt frees the key; what it may
 * have made all the same is found again by the next one, which names it alike. Keys live for a day.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(private readonly once: RequestOnce) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    // A form with a file is read by its controller, which uses `FormOnce`.
    const unread = request.isMultipart() && (request.body === undefined || request.body === null);
    if (request.method !== 'POST' || unread) return next.handle();
    return from(this.answer(request, context.switchToHttp().getResponse<FastifyReply>(), next));
  }

  private async answer(request: FastifyRequest, reply: FastifyReply, next: CallHandler): Promise<unknown> {
    const { answer, replayed } = await this.once.run(request, () => lastValueFrom(next.handle()));
    if (replayed) markReplayed(reply);
    return answer;
  }
}
