import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A collector on loopback that keeps what it gets, or one that takes everything and never answers. */
export class OtlpSink {
  private readonly bodies: Buffer[] = [];

  private constructor(
    private readonly server: Server,
    private readonly answers: boolean,
  ) {}

  static async start({ answers }: { readonly answers: boolean }): Promise<OtlpSink> {
    const server = createServer();
    const sink = new OtlpSink(server, answers);
    server.on('request', (request, response) => {
      request.on('data', (chunk: Buffer) => sink.bodies.push(chunk));
      request.on('end', () => {
        if (sink.answers) response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
      });
    });
    await new Promise<void>((accept) => server.listen(0, '127.0.0.1', accept));
    return sink;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Whether the protobuf that came in holds these bytes: a string of a span, or a trace id. */
  holds(bytes: Buffer): boolean {
    return Buffer.concat(this.bodies).includes(bytes);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((accept) => this.server.close(accept));
  }
}
