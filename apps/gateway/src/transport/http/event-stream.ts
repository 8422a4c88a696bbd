import { once } from 'node:events';
import type { FastifyReply } from 'fastify';

/** One server-sent event. */
export interface StreamEvent {
  readonly data: string;
  readonly event?: string;
  readonly id?: string;
}

/** An event stream to a client: open at once, kept awake by pings, written no faster than the client reads. */
export class EventStream {
  private readonly pinging: NodeJS.Timeout;

  /** Sends the headers and a first comment; `pingMs` is the time between pings. */
  constructor(
    private readonly reply: FastifyReply,
    pingMs: number,
  ) {
    reply.hijack();
    const headers = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no', connection: 'keep-alive' };
    reply.raw.writeHead(200, { ...(reply.getHeaders() as Record<string, string>), ...headers });
    this.ping();
    this.pinging = setInterval(() => this.ping(), pingMs);
    reply.raw.once('close', () => clearInterval(this.pinging));
  }

  /** Writes an event; resolves when the client can take more. */
  async send({ data, event, id }: StreamEvent): Promise<void> {
    const lines = [id === undefined ? '' : `id: ${id}\n`, event === undefined ? '' : `event: ${event}\n`, `data: ${data}\n\n`];
    const { raw } = this.reply;
    if (raw.destroyed || raw.write(lines.join(''))) return;
    // A client that leaves never drains.
    await Promise.race([once(raw, 'drain'), once(raw, 'close')]);
  }

  /** Ends the stream. */
  close(): void {
    clearInterval(this.pinging);
    this.reply.raw.end();
  }

  private ping(): void {
    if (!this.reply.raw.destroyed) this.reply.raw.write(': ping\n\n');
  }
}
