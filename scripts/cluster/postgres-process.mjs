import { setTimeout as delay } from 'node:timers/promises';
import { connectionUrl } from '@gpt4video/adapters/postgres/connection-url';
import { EmbeddedPostgres } from '@gpt4video/adapters/postgres/embedded-postgres';

const LOOK_MS = 500;

/** The embedded Postgres in the shape of the other servers: it is no child of ours, so its end is seen by looking. */
export class PostgresProcess {
  name = 'postgres';

  constructor(server, directory) {
    this.server = server;
    this.directory = directory;
  }

  get url() {
    return connectionUrl(this.server.connection);
  }

  get running() {
    try {
      return process.kill(this.server.pid, 0);
    } catch (error) {
      return error.code === 'EPERM';
    }
  }

  async start() {
    if (!this.running) this.server = await EmbeddedPostgres.start({ directory: this.directory });
  }

  async stop() {
    await this.server.stop();
    return 0;
  }

  async untilEnd() {
    while (this.running) await delay(LOOK_MS);
    return null;
  }
}
