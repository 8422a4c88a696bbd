import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { DomainError } from '@gpt4video/ports/errors';
import type { FastifyRequest } from 'fastify';

/** The id of the tenant whose key the request carries. */
export const TenantId = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { tenant } = context.switchToHttp().getRequest<FastifyRequest>();
  if (tenant === null) throw new DomainError('unauthenticated', 'No API key was given; send the header "Authorization: Bearer <key>".');
  return tenant.id;
});
