import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { idempotencyKeyOf, markReplayed, otherRequest } from './idempotency.js';
import { type FormWithFile, openForm } from './multipart.js';
import { RequestOnce } from './request-once.js';

/** Makes the answer of the form that it is given; `once` names the request, the same for every try of it. */
export type FormWork = (form: FormWithFile, once?: string) => Promise<unknown>;

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** What is kept of a form: its digest, and what was answered. */
const kept = z.object({ digest: z.string(), answer: z.unknown() });

/**
 * Makes a form with a file and an `Idempotency-Key` happen once. The bytes are only known when they have passed by, and boundaries differ
 * from try to try, so a repeat is told apart from another form by reading it to its end and comparing digests of what it holds.
 */
@Injectable()
export class FormOnce {
  constructor(private readonly once: RequestOnce) {}

  /** Opens the form with the file `name` and resolves with what `work` makes of it, or with the first answer again. Throws as `openForm` and `RequestOnce.run` do. */
  async run({ request, reply }: Exchange, name: string, work: FormWork): Promise<unknown> {
    const form = await openForm(request, name);
    try {
      return idempotencyKeyOf(request) === undefined ? await work(form) : await this.noted({ request, reply }, new NotedForm(form), work);
    } finally {
      // A refused file may be half read; the connection is only usable again when the rest was taken.
      form.discard();
    }
  }

  private async noted({ request, reply }: Exchange, form: NotedForm, work: FormWork): Promise<unknown> {
    const { answer: first, replayed } = await this.once.runAs(request, 'a form', async () => {
      const answer = await work(form, request.once ?? undefined);
      return { digest: await form.digest(), answer };
    });
    const { digest, answer } = kept.parse(first);
    if (!replayed) return answer;
    if ((await form.digest()) !== digest) throw otherRequest();
    markReplayed(reply);
    return answer;
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
