import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { ObjectStore } from '@gpt4video/ports/object-store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readRange } from './byte-range.js';

/** Sends stored objects over HTTP: streamed, with ETag and Range (RFC 9110 §13–14). */
@Injectable()
export class ObjectSender {
  constructor(private readonly store: ObjectStore) {}

  /** Answers with the object, a part of it, 304 or 416. `filename` is what a browser saves it as. */
  async send(request: FastifyRequest, reply: FastifyReply, ref: AssetRef, filename: string): Promise<void> {
    const etag = `"${ref.sha256}"`;
    void reply.headers({ etag, 'accept-ranges': 'bytes', 'cache-control': 'private, max-age=31536000, immutable', 'content-disposition': `inline; filename="${filename.replace(/[^\w.-]/g, '_')}"`, 'x-content-type-options': 'nosniff' });
    if (matches(request.headers['if-none-match'], etag)) return void (await reply.status(304).send());
    const ifRange = request.headers['if-range'];
    const asked = ifRange === undefined || ifRange === etag ? request.headers.range : undefined;
    const range = readRange(asked, ref.bytes);
    if (range === 'unsatisfiable') {
      const error = { message: `The range "${asked ?? ''}" lies outside the ${ref.bytes} bytes; ask for another.`, type: 'invalid_request_error', param: null, code: 'range_not_satisfiable' };
      return void (await reply.status(416).header('content-range', `bytes */${ref.bytes}`).send({ error }));
    }
    const body = Readable.from(await this.store.stream(ref.key, range));
    const length = range === undefined ? ref.bytes : range.end - range.start;
    void reply.headers({ 'content-type': ref.mediaType, 'content-length': String(length) });
    if (range !== undefined) void reply.status(206).header('content-range', `bytes ${range.start}-${range.end - 1}/${ref.bytes}`);
    await reply.send(body);
  }
}

function matches(header: string | undefined, etag: string): boolean {
  return header !== undefined && header.split(',').some((each) => each.trim().replace(/^W\//, '') === etag || each.trim() === '*');
}
