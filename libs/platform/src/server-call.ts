import { randomUUID } from 'node:crypto';
import type { ServerUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import { context, propagation, ROOT_CONTEXT, type Span, SpanKind, type Context } from '@opentelemetry/api';
import { DomainError, toDomainError } from '@gpt4video/ports/errors';
import { runInRequest } from './request-context.js';
import type { RpcJournal, RpcName } from './rpc-journal.js';
import { markFailed, openSpan } from './tracing.js';

/** What an RPC's method may know of its call. */
export interface CallContext {
  /** Fires when the client leaves, the deadline passes, or the server must stop; its reason is a DomainError. */
  readonly signal: AbortSignal;
  /** Id of the client's request, for logs. */
  readonly requestId: string;
}

/** Metadata key of the request id. */
export const REQUEST_ID_KEY = 'x-request-id';

// Longer timers fire at once in Node.
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** One call being served: its span, its request id, its end. */
export class ServerCall {
  readonly context: CallContext;
  private readonly aborter = new AbortController();
  private readonly startedMs = performance.now();
  private readonly span: Span;
  private readonly within: Context;
  private deadlineTimer: NodeJS.Timeout | undefined;
  private ended = false;

  constructor(
    call: ServerUnaryCall<unknown, unknown> | ServerWritableStream<unknown, unknown>,
    private readonly rpc: RpcName,
    private readonly journal: RpcJournal,
    private readonly onEnd: (call: ServerCall) => void,
  ) {
    const sent = call.metadata.getMap();
    this.context = { signal: this.aborter.signal, requestId: sent[REQUEST_ID_KEY]?.toString() ?? randomUUID() };
    const attributes = { 'rpc.system.name': 'grpc', 'rpc.method': `${rpc.service}/${rpc.method}` };
    const opened = openSpan(attributes['rpc.method'], { kind: SpanKind.SERVER, attributes }, propagation.extract(ROOT_CONTEXT, sent));
    this.span = opened.span;
    this.within = opened.within;
    this.watchDeadline(call.getDeadline());
    call.on('cancelled', () => this.cancel(new DomainError('cancelled', 'The caller cancelled the request.')));
    journal.started(rpc);
  }

  /** Runs `work`, and what it awaits, under this call's span and request id. */
  run<Result>(work: () => Result): Result {
    return context.with(this.within, () => runInRequest(this.context, work));
  }

  /** Fires the call's signal. */
  cancel(reason: DomainError): void {
    if (!this.ended) this.aborter.abort(reason);
  }

  /** Closes the books on a call that answered. */
  succeed(): void {
    this.end(undefined);
  }

  /** Closes the books on a call that failed, and returns what its caller may know. */
  fail(thrown: unknown): DomainError {
    const error = toDomainError(thrown);
    this.end(error);
    return error;
  }

  private end(error: DomainError | undefined): void {
    this.ended = true;
    clearTimeout(this.deadlineTimer);
    if (error !== undefined) markFailed(this.span, error);
    this.run(() => this.journal.ended(this.rpc, performance.now() - this.startedMs, error));
    this.span.end();
    this.onEnd(this);
  }

  private watchDeadline(deadline: Date | number): void {
    const leftMs = deadline.valueOf() - Date.now();
    if (leftMs > LONGEST_TIMER_MS) return;
    this.deadlineTimer = setTimeout(() => this.cancel(new DomainError('deadline_exceeded', 'The deadline passed; try again later.')), Math.max(0, leftMs));
    this.deadlineTimer.unref();
  }
}
