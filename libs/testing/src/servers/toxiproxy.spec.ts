import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startToxiproxy, type ToxiproxyServer } from './toxiproxy.js';

describe('startToxiproxy', () => {
  let folder: string;
  let upstream: Server;
  let toxiproxy: ToxiproxyServer;
  let upstreamPort: number;

  const ask = (port: number): Promise<string> => fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } }).then((response) => response.text());

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'toxiproxy-'));
    upstream = createServer((_, response) => response.end('here')).listen(0, '127.0.0.1');
    await once(upstream, 'listening');
    upstreamPort = (upstream.address() as AddressInfo).port;
    toxiproxy = await startToxiproxy({ folder });
  }, 600_000);

  afterAll(async () => {
    await toxiproxy.stop();
    upstream.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('cuts, mends and slows a connection', async () => {
    const proxy = await toxiproxy.proxy('upstream', upstreamPort);
    expect(await ask(proxy.port)).toBe('here');
    await proxy.cut();
    await expect(ask(proxy.port)).rejects.toThrow('fetch failed');
    await proxy.mend();
    const heal = await proxy.poison({ type: 'latency', attributes: { latency: 300 } });
    const slow = performance.now();
    expect(await ask(proxy.port)).toBe('here');
    expect(performance.now() - slow).toBeGreaterThan(290);
    await heal();
    expect(await ask(proxy.port)).toBe('here');
  });

  it('comes back after SIGKILL, with no proxies', async () => {
    await toxiproxy.kill();
    await toxiproxy.start();
    const proxy = await toxiproxy.proxy('upstream', upstreamPort);
    expect(await ask(proxy.port)).toBe('here');
  });
});
