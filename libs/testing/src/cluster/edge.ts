import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const AWAY_MS = 5_000;
const LOOK_MS = 50;

/** One loopback port before the replicas of a service: each connection goes to the next replica that takes it. */
export class Edge {
  private readonly server: Server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => void this.join(socket));
  private readonly sockets = new Set<Socket>();
  private targets: readonly number[] = [];
  private turn = 0;

  /** Listens; port 0 takes a free one. Returns the port. */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', (cause) => reject(new Error(`Port ${port} of 127.0.0.1 is taken; choose another.`, { cause })));
      this.server.listen(port, '127.0.0.1', resolve);
    });
    const address = this.server.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  }

  /** Where new connections go from now on; the others stay where they are. */
  setTargets(ports: readonly number[]): void {
    this.targets = ports;
  }

  /** Takes no new connections and cuts those that are left. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private async join(client: Socket): Promise<void> {
    client.on('error', () => client.destroy());
    this.remember(client);
    const replica = await this.nextReplica(client);
    if (replica === undefined) return void client.destroy();
    this.remember(replica);
    replica.on('error', () => replica.destroy());
    client.on('close', () => replica.destroy());
    replica.on('close', () => client.destroy());
    client.pipe(replica).pipe(client);
  }

  private remember(socket: Socket): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
  }

  /** A connection to a replica, waiting a while when none takes one; undefined when the client left or the wait was in vain. */
  private async nextReplica(client: Socket): Promise<Socket | undefined> {
    for (const end = performance.now() + AWAY_MS; performance.now() < end && !client.destroyed; await delay(LOOK_MS)) {
      for (let tried = 0; tried < this.targets.length; tried += 1) {
        const port = this.targets[this.turn++ % this.targets.length];
        const socket = port === undefined ? undefined : await connected(port);
        if (socket !== undefined) return socket;
      }
    }
    return undefined;
  }
}

function connected(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}
