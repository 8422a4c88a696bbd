import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { Logger } from '@gpt4video/platform/logging';
import { isDomainError, toDomainError } from '@gpt4video/ports/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { toErrorAnswer } from './error-envelope.js';
import { RouteTable } from './route-table.js';

/** Turns everything thrown into the one error envelope, and logs it once. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly routes: RouteTable,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    this.note(thrown, request);
    if (reply.sent) return;
    const allowed = thrown instanceof HttpException && thrown.getStatus() === 404 ? this.routes.methodsOf(request.url) : [];
    if (allowed.length > 0) {
      thrown = new HttpException(`${request.method} is not possible here; use ${allowed.join(' or ')}.`, 405);
      void reply.header('allow', allowed.join(', '));
    }
    const { status, headers, body } = toErrorAnswer(thrown);
    void reply.status(status).headers({ ...headers, 'content-type': 'application/json; charset=utf-8' }).send(body);
  }

  private note(thrown: unknown, { method, routeOptions }: FastifyRequest): void {
    const fields = { method, route: routeOptions?.url ?? 'unknown' };
    if (thrown instanceof HttpException) return this.logger.info('request refused', { ...fields, status: thrown.getStatus() });
    const error = isDomainError(thrown) ? thrown : toDomainError(thrown);
    this.logger.log(error.logLevel, 'request failed', { ...fields, code: error.code, err: error });
  }
}
