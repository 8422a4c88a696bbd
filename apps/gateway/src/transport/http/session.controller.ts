import { Controller, Get, Req, Res } from '@nestjs/common';
import { DomainError } from '@gpt4video/ports/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { GatewayConfig } from '../../config.js';
import { errorEnvelope } from './error.schema.js';
import { json, Operation } from './openapi/operation.js';

const LOOPBACK_PEER = /^(127\.|::1$|::ffff:127\.)/;
const LOOPBACK_HOST = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/;

const session = z.object({ key: z.string() }).meta({ id: 'Session' });

/** `GET /v1/session`: the key of a server that one person runs, for its own page on the same machine. */
@Controller('v1/session')
export class SessionController {
  constructor(private readonly config: GatewayConfig) {}

  @Get()
  @Operation({ id: 'getSession', tag: 'service', summary: 'The key of a server that one person runs, for its own page', open: true, answers: { 200: json(session, 'The key'), 404: json(errorEnvelope, 'This server hands out no key') } })
  get(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): { key: string } {
    const { sessionKey } = this.config;
    if (sessionKey === undefined || !isOwnPage(request)) throw new DomainError('not_found', 'This server hands out no key; use one of yours.');
    void reply.header('cache-control', 'no-store');
    return { key: sessionKey };
  }
}

/** The peer and the host name are checked both: another site's name that resolves to loopback must not read the key. */
function isOwnPage({ ip, headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  return LOOPBACK_PEER.test(ip) && LOOPBACK_HOST.test(headers.host ?? '') && (site === undefined || site === 'same-origin' || site === 'none');
}
