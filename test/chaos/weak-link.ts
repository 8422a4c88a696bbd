import { join } from 'node:path';
import { type Proxy, startToxiproxy, type ToxiproxyServer } from '@gpt4video/testing/servers/toxiproxy';
import type { Link } from './faults.js';

/** The way to one server through a toxiproxy of its own, so that freezing the proxy is a wire that carries nothing and loses nothing. */
export class WeakLink implements Link {
  private heal: (() => Promise<void>) | undefined;

  private constructor(
    readonly name: string,
    private readonly server: ToxiproxyServer,
    private readonly proxy: Proxy,
  ) {}

  /** Stands before the server that listens, or will listen, on `upstreamPort`. */
  static async open(name: string, upstreamPort: number, folder: string): Promise<WeakLink> {
    const server = await startToxiproxy({ folder: join(folder, `link-${name}`) });
    return new WeakLink(name, server, await server.proxy(name, upstreamPort));
  }

  /** Where clients connect to. */
  get port(): number {
    return this.proxy.port;
  }

  cut(): Promise<void> {
    return this.server.pause();
  }

  async slow(ms: number): Promise<void> {
    this.heal = await this.proxy.poison({ type: 'latency', attributes: { latency: Math.round(ms), jitter: Math.round(ms / 4) } });
  }

  async reset(): Promise<void> {
    this.heal = await this.proxy.poison({ type: 'reset_peer', attributes: { timeout: 0 } });
  }

  async mend(): Promise<void> {
    this.server.resume();
    await this.heal?.();
    this.heal = undefined;
  }

  async close(): Promise<void> {
    await this.mend();
    await this.server.stop();
  }
}
