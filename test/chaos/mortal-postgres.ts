import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedPostgres } from '@gpt4video/adapters/postgres/embedded-postgres';
import type { Victim } from './faults.js';
import { signal } from './signal.js';

const LOOK_MS = 50;

/** A Postgres that can be killed, as by a power cut, and frozen whole; on a port that stays. */
export class MortalPostgres implements Victim {
  readonly name = 'postgres';
  private frozen: readonly number[] = [];

  private constructor(
    private readonly directory: string,
    private server: EmbeddedPostgres,
  ) {}

  static async start(directory: string): Promise<MortalPostgres> {
    return new MortalPostgres(directory, await EmbeddedPostgres.start({ directory }));
  }

  get connection(): Exclude<EmbeddedPostgres['connection'], { url: string }> {
    const { connection } = this.server;
    if ('url' in connection) throw new Error('the embedded server is reached by host and port');
    return connection;
  }

  async kill(): Promise<boolean> {
    const family = await this.family();
    for (const pid of family) signal(pid, 'SIGKILL');
    // The killed process stays for a moment, and with it what it holds.
    while (family.some((pid) => signal(pid, 0))) await delay(LOOK_MS);
    this.server = await EmbeddedPostgres.start({ directory: this.directory });
    return true;
  }

  async freeze(): Promise<boolean> {
    this.frozen = await this.family();
    for (const pid of this.frozen) signal(pid, 'SIGSTOP');
    return true;
  }

  thaw(): void {
    for (const pid of this.frozen) signal(pid, 'SIGCONT');
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  /** The server and its children, which do the work: the first alone only takes connections. */
  private async family(): Promise<readonly number[]> {
    const { pid } = this.server;
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
    return [pid, ...children.split(' ').filter((text) => text !== '').map(Number)];
  }
}
