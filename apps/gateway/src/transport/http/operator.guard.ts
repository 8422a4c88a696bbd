import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { OperatorKey } from '../../core/operations/operator-key.js';

/** Lets in only requests with the admin key. */
@Injectable()
export class OperatorGuard implements CanActivate {
  constructor(private readonly key: OperatorKey) {}

  canActivate(context: ExecutionContext): boolean {
    this.key.check(context.switchToHttp().getRequest<FastifyRequest>().headers.authorization);
    return true;
  }
}
