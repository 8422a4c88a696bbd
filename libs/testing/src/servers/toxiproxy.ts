import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, keptPort } from './free-port.js';
import { buildGoProgram } from './go-program.js';
import { type Installation, installOnce } from './install-once.js';
import { answersOk, ServerProcess } from './server-process.js';

/** Toxiproxy, a TCP proxy that cuts, slows and resets on command, from its Go module. */
export const TOXIPROXY: Installation = {
  name: 'toxiproxy',
  version: '2.5.0',
  cost: 'seconds of Go compiler',
  install: (folder) => buildGoProgram(folder, 'toxiproxy', { path: 'github.com/Shopify/toxiproxy/v2/cmd/server', version: 'v2.5.0' }),
};

/** One way that traffic is spoiled; types and attributes as toxiproxy names them: `latency`, `bandwidth`, `timeout`, `reset_peer`, `limit_data`. */
export interface Toxic {
  readonly type: string;
  readonly stream?: 'upstream' | 'downstream';
  readonly attributes: Readonly<Record<string, number>>;
}

/** A running toxiproxy. Its proxies live in memory: after a start there are none. */
export class ToxiproxyServer extends ServerProcess {
  readonly url: string;

  constructor(program: string, folder: string, port: number) {
    const url = `http://127.0.0.1:${port}`;
    super({ name: 'toxiproxy', folder, program, args: ['-host', '127.0.0.1', '-port', String(port)], isReady: () => answersOk(`${url}/version`) });
    this.url = url;
  }

  /** Opens a proxy before a loopback port; clients connect to its `port`. */
  async proxy(name: string, upstreamPort: number, port?: number): Promise<Proxy> {
    const listen = port ?? (await freePort());
    await this.call('POST', '/proxies', { name, listen: `127.0.0.1:${listen}`, upstream: `127.0.0.1:${upstreamPort}`, enabled: true });
    return new Proxy(name, listen, (method, path, body) => this.call(method, `/proxies/${name}${path}`, body));
  }

  private async call(method: string, path: string, body?: unknown): Promise<void> {
    const response = await fetch(this.url + path, { method, headers: { 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await response.text();
    if (!response.ok) throw new Error(`toxiproxy refuses ${method} ${path}: ${response.status} ${text}`);
  }
}

/** One proxied connection path. */
export class Proxy {
  constructor(
    readonly name: string,
    readonly port: number,
    private readonly call: (method: string, path: string, body?: unknown) => Promise<void>,
  ) {}

  /** Closes every connection and refuses new ones. */
  cut(): Promise<void> {
    return this.call('POST', '', { enabled: false });
  }

  /** Accepts connections again. */
  mend(): Promise<void> {
    return this.call('POST', '', { enabled: true });
  }

  /** Adds a toxic and resolves with the way to take it away. */
  async poison(toxic: Toxic): Promise<() => Promise<void>> {
    const name = `${toxic.type}-${toxic.stream ?? 'downstream'}`;
    await this.call('POST', '/toxics', { name, stream: 'downstream', toxicity: 1, ...toxic });
    return () => this.call('DELETE', `/toxics/${name}`);
  }
}

/** Installs toxiproxy where it is not, and starts it; resolves when it answers. */
export async function startToxiproxy({ folder, port }: { readonly folder: string; readonly port?: number }): Promise<ToxiproxyServer> {
  const program = join(await installOnce(TOXIPROXY), 'toxiproxy');
  await mkdir(folder, { recursive: true });
  const server = new ToxiproxyServer(program, folder, port ?? (await keptPort(folder, 'toxiproxy')));
  await server.start();
  return server;
}
