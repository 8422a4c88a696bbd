import { type ChildProcess, spawn } from 'node:child_process';
import { access, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { toolEnvironment } from './config.js';

/** How a server is started, the first time and every time after. */
export interface ServerPlan {
  readonly name: string;
  /** Where its data and `server.log` lie. */
  readonly folder: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** True when it can be used; gets what it has printed since this start. */
  readonly isReady: (log: string) => Promise<boolean> | boolean;
}

const START_MS = 60_000;
const STOP_MS = 20_000;
const POLL_MS = 25;
const SETPRIV = '/usr/bin/setpriv';

/**
 * A real server as a child process, on a port and a folder that stay the same over restarts. It dies with us: on Linux by the kernel's
 * hand, elsewhere when we exit in order.
 */
export class ServerProcess {
  readonly name: string;
  readonly folder: string;
  private child: ChildProcess | undefined;
  private ended: Promise<number | null> = Promise.resolve(null);

  constructor(private readonly plan: ServerPlan) {
    this.name = plan.name;
    this.folder = plan.folder;
  }

  /** Process id; of the last start when it has ended. Throws before the first. */
  get pid(): number {
    if (this.child?.pid === undefined) throw new Error(`${this.name} was never started.`);
    return this.child.pid;
  }

  /** True from a start until the process has ended. */
  get running(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Where everything it printed since its last start lies. */
  get logPath(): string {
    return join(this.folder, 'server.log');
  }

  /** Starts it, or starts it again after it ended or was killed, and resolves when it can be used. Rejects with its last words. */
  async start(): Promise<void> {
    if (this.running) return;
    const log = await open(this.logPath, 'w');
    const { program, args } = await boundToUs(this.plan);
    const child = spawn(program, args, { cwd: this.folder, env: toolEnvironment(this.plan.env), stdio: ['ignore', log.fd, log.fd] });
    this.child = child;
    const killAtExit = (): void => void child.kill('SIGKILL');
    process.once('exit', killAtExit);
    this.ended = new Promise((resolve) => {
      child.once('error', () => resolve(null));
      child.once('exit', (code) => resolve(code));
    });
    void this.ended.then(() => process.off('exit', killAtExit));
    await log.close();
    await this.untilReady();
  }

  /** Asks it to end and waits; ends it by force when it takes too long. Stopping what has stopped succeeds. */
  async stop(): Promise<void> {
    if (!this.running) return;
    this.child?.kill('SIGTERM');
    // A paused process hears SIGTERM only when it goes on.
    this.child?.kill('SIGCONT');
    const stopped = await Promise.race([this.ended.then(() => true), delay(STOP_MS, false, { ref: false })]);
    if (!stopped) await this.kill();
  }

  /** Ends it as a power cut does (SIGKILL) and waits until it is gone. */
  async kill(): Promise<void> {
    this.child?.kill('SIGKILL');
    await this.ended;
  }

  /** Stops it and starts it again on the same folder and port. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Freezes it (SIGSTOP): connections stay open and nobody answers. */
  pause(): void {
    this.child?.kill('SIGSTOP');
  }

  /** Lets it go on (SIGCONT). */
  resume(): void {
    this.child?.kill('SIGCONT');
  }

  /** Resolves with the exit code, null after a signal, when the running process ends. */
  untilEnd(): Promise<number | null> {
    return this.ended;
  }

  private async untilReady(): Promise<void> {
    const deadline = performance.now() + START_MS;
    for (;;) {
      const log = await readFile(this.logPath, 'utf8').catch(() => '');
      if (!this.running) throw new Error(`${this.name} did not start; its last words:\n${log.slice(-2_000)}`);
      if (await this.plan.isReady(log)) return;
      if (performance.now() > deadline) {
        await this.kill();
        throw new Error(`${this.name} was not ready after ${START_MS} ms; its last words:\n${log.slice(-2_000)}`);
      }
      await delay(POLL_MS);
    }
  }
}

/** True when an HTTP GET is answered with 2xx; false when nobody answers yet. */
export function answersOk(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    async (response) => (await response.arrayBuffer(), response.ok),
    () => false,
  );
}

async function boundToUs({ program, args }: ServerPlan): Promise<{ program: string; args: string[] }> {
  const hasSetpriv = await access(SETPRIV).then(
    () => true,
    () => false,
  );
  return hasSetpriv ? { program: SETPRIV, args: ['--pdeathsig', 'KILL', '--', program, ...args] } : { program, args: [...args] };
}
