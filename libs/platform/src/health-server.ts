import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Health } from './health.js';
import type { Metrics } from './metrics.js';

/** Answers probes and scrapes of a process that has no other HTTP port: `/health/live`, `/health/ready`, `/health/model`, `/metrics`. */
export class HealthServer {
  private readonly server: Server;

  constructor(
    private readonly health: Health,
    private readonly metrics: Metrics,
  ) {
    this.server = createServer((request, response) => {
      this.answer(request.url ?? '/', response).catch(() => response.writeHead(500).end());
    });
  }

  /** Listens; port 0 takes a free one. Returns the port. */
  async listen({ host, port }: { readonly host: string; readonly port: number }): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', (cause) => reject(new Error(`The health server cannot listen on ${host}:${port}; choose a free port.`, { cause })));
      this.server.listen(port, host, resolve);
    });
    return (this.server.address() as AddressInfo).port;
  }

  /** Stops at once: probes are short. */
  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async answer(url: string, response: ServerResponse): Promise<void> {
    const path = url.split('?')[0];
    if (path === '/metrics') {
      const text = await this.metrics.text();
      response.writeHead(200, { 'content-type': this.metrics.contentType }).end(text);
      return;
    }
    const report = await this.report(path);
    if (report === undefined) response.writeHead(404).end();
    else response.writeHead(report.ok ? 200 : 503, { 'content-type': 'application/json' }).end(JSON.stringify(report));
  }

  private async report(path: string | undefined): Promise<{ readonly ok: boolean } | undefined> {
    if (path === '/health/live') return this.health.live();
    if (path === '/health/ready') return this.health.ready();
    if (path !== '/health/model') return undefined;
    const models = this.health.models();
    return { ok: models.every(({ ready }) => ready), ...{ models } };
  }
}
