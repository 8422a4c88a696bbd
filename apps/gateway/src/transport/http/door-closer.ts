import type { IncomingMessage, Server } from 'node:http';
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';

const LOOK_MS = 50;
/** Milliseconds without a request after which nobody who connected before is taken to be about to send one. */
const QUIET_MS = 500;

/**
 * Ends the service of an HTTP server without refusing anybody: no new connection is taken, and whoever has one is still answered, with
 * `Connection: close`. A load balancer learns of it by the port, a client by the answer.
 */
export class DoorCloser {
  constructor(
    private readonly server: Server,
    private readonly inHand: ReadonlySet<IncomingMessage>,
  ) {}

  /** Resolves when no connection is left; those that outlast the grace are cut, which cancels the work behind them. */
  async close(graceMs: number): Promise<void> {
    const end = performance.now() + graceMs;
    await requestsRead();
    this.server.close();
    for (let quietSince = performance.now(); performance.now() < Math.min(end, quietSince + QUIET_MS); await delay(LOOK_MS)) {
      if (this.inHand.size > 0) quietSince = performance.now();
      // Whose client has left may still have something to tidy up.
      else if ((await connections(this.server)) === 0) return;
      await requestsRead();
      this.server.closeIdleConnections();
    }
    this.server.closeAllConnections();
  }
}

/** Requests that have come to this machine are read before their connections can be taken for idle ones. */
async function requestsRead(): Promise<void> {
  await turn();
  await turn();
}

function connections(server: Server): Promise<number> {
  return new Promise((resolve, reject) => server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))));
}
