/** An answer, or nothing when the connection broke. */
export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** Milliseconds after which a request is given up: a paused process answers nothing. */
const PATIENCE_MS = 15_000;
/** Milliseconds between tries of one request. */
const RETRY_MS = 300;

/** One tenant's way to the public API: repeats what may be repeated, as a well-behaved client does. */
export class Client {
  constructor(
    readonly tenant: string,
    private readonly url: string,
    private readonly key: string,
    private readonly stopped: AbortSignal,
  ) {}

  /** One try; undefined when the connection broke. */
  async once(path: string, init: RequestInit = {}): Promise<Answer | undefined> {
    try {
      const response = await this.open(path, init);
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    } catch {
      return undefined;
    }
  }

  /** POSTs under an idempotency key until the service takes it or refuses it for good; undefined when the run ended first. */
  async accepted(path: string, key: string, body: () => NonNullable<RequestInit['body']>, headers: Record<string, string> = {}): Promise<Answer | undefined> {
    while (!this.stopped.aborted) {
      const answer = await this.once(path, { method: 'POST', body: body(), headers: { ...headers, 'idempotency-key': key } });
      if (answer !== undefined && !isPassing(answer.status)) return answer;
      await pause(RETRY_MS);
    }
    return undefined;
  }

  /** A response to stream; rejects when the connection breaks. */
  open(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${this.key}`);
    return fetch(new URL(path, this.url), { ...init, headers, signal: init.signal ?? AbortSignal.timeout(PATIENCE_MS) });
  }
}

/** Resolves after so many milliseconds. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Refused for now: too many requests, a repeat that came too early, a server that is away. */
function isPassing(status: number): boolean {
  return status === 409 || status === 429 || status >= 500;
}
