import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { idempotencyKeyOf, otherRequest } from './idempotency.js';
import type { FormWithFile } from './multipart.js';
import { type OnceAnswer, RequestOnce } from './request-once.js';

/** What is kept of a form: its digest, and what was answered. */
const kept = z.object({ digest: z.string(), answer: z.unknown() });

/**
 * Makes a form with a file and an `Idempotency-Key` happen once. The bytes are only known when they have passed by, and boundaries differ
 * from try to try, so a repeat is told apart from another form by reading it to its end and comparing digests of what it holds.
 */
@Injectable()
export class FormOnce {
  constructor(private readonly once: RequestOnce) {}

  /** The first answer again, or that of `work`, which reads the form that it is given. Throws as `RequestOnce.run` does. */
  async run(request: FastifyRequest, form: FormWithFile, work: (form: FormWithFile, once?: string) => Promise<unknown>): Promise<OnceAnswer> {
    if (idempotencyKeyOf(request) === undefined) return { answer: await work(form), replayed: false };
    const noted = new NotedForm(form);
    const { answer: first, replayed } = await this.once.runAs(request, 'a form', async () => {
      const answer = await work(noted, request.once ?? undefined);
      return { digest: await noted.digest(), answer };
    });
    const { digest, answer } = kept.parse(first);
    if (replayed && (await noted.digest()) !== digest) throw otherRequest();
    return { answer, replayed };
  }
}

/** A form that is digested as it is read. */
class NotedForm implements FormWithFile {
  readonly filename: string;
  readonly mediaType: string;
  readonly body: AsyncGenerator<Uint8Array>;
  private readonly hash = createHash('sha256');

  constructor(private readonly form: FormWithFile) {
    this.filename = form.filename;
    this.mediaType = form.mediaType;
    this.body = this.passing(form.body);
  }

  fields(): Promise<Record<string, string>> {
    return this.form.fields();
  }

  discard(): void {
    this.form.discard();
  }

  /** Of the bytes and of everything that the form says; reads what is left of it. */
  async digest(): Promise<string> {
    for (let step = await this.body.next(); step.done !== true; ) step = await this.body.next();
    const fields = Object.entries(await this.form.fields()).toSorted(([a], [b]) => a.localeCompare(b));
    return createHash('sha256').update(JSON.stringify([this.filename, this.mediaType, fields, this.hash.copy().digest('hex')])).digest('hex');
  }

  private async *passing(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      this.hash.update(chunk);
      yield chunk;
    }
  }
}
