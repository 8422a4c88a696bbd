import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { Controller, Get, Param, Res } from '@nestjs/common';
import { DomainError } from '@gpt4video/ports/errors';
import type { FastifyReply } from 'fastify';
import { GatewayConfig } from '../../config.js';
import { errorEnvelope } from './error.schema.js';
import { json, Operation } from './openapi/operation.js';

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.png': 'image/png', '.mp4': 'video/mp4' };
const POLICY = "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";

/** The chat page: built files from a folder. */
@Controller()
export class PageController {
  constructor(private readonly config: GatewayConfig) {}

  @Get()
  @Operation({ id: 'getPage', tag: 'page', summary: 'The chat page', open: true, answers: { 200: { kind: 'bytes', mediaTypes: ['text/html'], description: 'The page' }, 404: json(errorEnvelope, 'This server has no page') } })
  page(@Res() reply: FastifyReply): Promise<void> {
    return this.send(reply, 'index.html', 'no-cache');
  }

  @Get('operators')
  @Operation({ id: 'getOperatorsPage', tag: 'page', summary: 'The operators’ view of the page', open: true, answers: { 200: { kind: 'bytes', mediaTypes: ['text/html'], description: 'The page' }, 404: json(errorEnvelope, 'This server has no page') } })
  operators(@Res() reply: FastifyReply): Promise<void> {
    return this.send(reply, 'index.html', 'no-cache');
  }

  @Get('assets/:name')
  @Operation({ id: 'getPageAsset', tag: 'page', summary: 'A file of the page', open: true, answers: { 200: { kind: 'bytes', mediaTypes: Object.values(TYPES).map((type) => type.split(';')[0] ?? type), description: 'The file' }, 404: json(errorEnvelope, 'There is no such file') } })
  async asset(@Param('name') name: string, @Res() reply: FastifyReply): Promise<void> {
    // Built files have a hash in their name and lie flat, so a name with anything else is none of them.
    if (!/^[\w-][\w.-]*$/.test(name)) throw notThere();
    await this.send(reply, join('assets', name), 'public, max-age=31536000, immutable');
  }

  private async send(reply: FastifyReply, path: string, caching: string): Promise<void> {
    const { pageDirectory } = this.config;
    if (pageDirectory === undefined) throw notThere();
    const bytes = await readFile(join(pageDirectory, path)).catch(() => undefined);
    if (bytes === undefined) throw notThere();
    const headers = { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream', 'cache-control': caching, 'content-security-policy': POLICY, 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' };
    await reply.headers(headers).send(bytes);
  }
}

function notThere(): DomainError {
  return new DomainError('not_found', 'There is no page here; the API is under /v1.');
}
