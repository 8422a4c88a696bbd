import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPrometheus, type PrometheusServer } from './prometheus.js';

describe('startPrometheus', () => {
  let folder: string;
  let exporter: Server;
  let prometheus: PrometheusServer;

  const untilSeen = async (expression: string): Promise<void> => {
    while ((await prometheus.query(expression)).length === 0) await new Promise((accept) => setTimeout(accept, 100));
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'prometheus-'));
    exporter = createServer((_, response) => response.setHeader('content-type', 'text/plain; version=0.0.4').end('answers_total 42\n')).listen(0, '127.0.0.1');
    await once(exporter, 'listening');
    const { port } = exporter.address() as AddressInfo;
    const configuration = `scrape_configs:\n  - {job_name: exporter, scrape_interval: 200ms, scrape_timeout: 200ms, static_configs: [{targets: ['127.0.0.1:${port}']}]}\n`;
    prometheus = await startPrometheus({ folder, configuration });
  }, 600_000);

  afterAll(async () => {
    await prometheus.stop();
    exporter.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('scrapes, and keeps what it scraped over SIGKILL', async () => {
    await untilSeen('answers_total');
    expect(await prometheus.query('answers_total')).toMatchObject([{ labels: { job: 'exporter' }, value: 42 }]);
    exporter.close();
    exporter.closeAllConnections();
    await prometheus.kill();
    await prometheus.start();
    await untilSeen('last_over_time(answers_total[10m])');
    expect(await prometheus.query('last_over_time(answers_total[10m])')).toMatchObject([{ value: 42 }]);
  });
});
