import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { from, type Observable, switchMap } from 'rxjs';
import { readFields } from './multipart.js';

/** Reads a form without files, so that its fields are the body as if they had come as JSON. Stands before `IdempotencyInterceptor`. */
@Injectable()
export class FormFieldsInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (!request.isMultipart()) return next.handle();
    return from(readFields(request)).pipe(
      switchMap((fields) => {
        request.body = fields;
        return next.handle();
      }),
    );
  }
}
