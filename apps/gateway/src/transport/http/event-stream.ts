import type { FastifyReply } from 'fastify';

/** One server-sent event. */
export interface StreamEvent {
  readonly data: string;
  readonly event?: string;
  readonly id?: string;
}

/** Milliseconds between pings, and those that a client may take nothing. */
export interface StreamPace {
  readonly ssePingMs: number;
  readonly sseStallMs: number;
}

/** An event stream to a client: open at once, kept awake by pings, written no faster than the client reads; one that reads nothing is cut off. */
export class EventStream {
  private readonly pinging: NodeJS.Timeout;

  /** Sends the headers and a first comment. */
  constructor(
    private readonly reply: FastifyReply,
    private readonly pace: StreamPace,
  ) {
    reply.hijack();
    const headers = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no', connection: 'keep-alive' };
    reply.raw.writeHead(200, { ...(reply.getHeaders() as Record<string, string>), ...headers });
    this.ping();
    this.pinging = setInterval(() => this.ping(), pace.ssePingMs);
    reply.raw.once('close', () => clearInterval(this.pinging));
  }

  /** Writes an event; resolves when the client can take more. */
  async send({ data, event, id }: StreamEvent): Promise<void> {
    const lines = [id === undefined ? '' : `id: ${id}\n`, event === undefined ? '' : `event: ${event}\n`, `data: ${data}\n\n`];
    const { raw } = this.reply;
    if (raw.destroyed || raw.write(lines.join(''))) return;
    await this.drained();
  }

  /** Ends the stream. */
  close(): void {
    clearInterval(this.pinging);
    this.reply.raw.end();
  }

  /** Resolves when the client has read, or is gone. */
  private drained(): Promise<void> {
    const { raw } = this.reply;
    return new Promise((resolve) => {
      const stalled = setTimeout(() => raw.destroy(), this.pace.sseStallMs);
      const settle = (): void => {
        clearTimeout(stalled);
        raw.off('drain', settle).off('close', settle);
        resolve();
      };
      // A client that leaves never drains.
      raw.on('drain', settle).on('close', settle);
    });
  }

  private ping(): void {
    const { raw } = this.reply;
    // A client that has not read what is there needs no comment beside it.
    if (!raw.destroyed && !raw.writableNeedDrain) raw.write(': ping\n\n');
  }
}
