import { randomUUID } from 'node:crypto';
import type { ServerUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import { propagation, ROOT_CONTEXT, SpanKind } from '@opentelemetry/api';
import { grpcStatusName } from '@gpt4video/contracts/error-codes';
import { DomainError, toDomainError } from '@gpt4video/ports/errors';
import { runInRequest } from './request-context.js';
import type { RpcJournal, RpcName } from './rpc-journal.js';
import { openSpan, type OpenSpan } from './tracing.js';

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
  private readonly span: OpenSpan;
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
    const method = `${rpc.service}/${rpc.method}`;
    this.span = openSpan(method, { kind: SpanKind.SERVER, service: rpc.app, attributes: { 'rpc.system.name': 'grpc', 'rpc.method': method }, parent: propagation.extract(ROOT_CONTEXT, sent) });
    this.watchDeadline(call.getDeadline());
    call.on('cancelled', () => this.cancel(new DomainError('cancelled', 'The caller cancelled the request.')));
    journal.started(rpc);
  }

  /** Runs `work`, and what it awaits, under this call's span and request id. */
  run<Result>(work: () => Result): Result {
    return this.span.run(() => runInRequest(this.context, work));
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
    this.span.set({ 'rpc.response.status_code': grpcStatusName(error?.code) });
    if (error !== undefined) this.span.fail(error);
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
