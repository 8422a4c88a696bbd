import { type ChildProcess, spawn } from 'node:child_process';
import { access, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { toolEnvironment } from './config.js';

/** How a server is started, the first time and every time after. */
export interface ServerPlan {
  readonly name: string;
  /** Where its data and `server.log` lie. */
  readonly folder: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Where it runs; its folder when absent. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** True when it can be used; gets what it has printed since this start. */
  readonly isReady: (log: string) => Promise<boolean> | boolean;
  /** Takes every line that it prints, instead of `server.log`. */
  readonly onLine?: (line: string) => void;
  /** Milliseconds that it may take to be ready; 60,000 when absent. */
  readonly startMs?: number;
  /** Milliseconds that it may take to end after SIGTERM; 20,000 when absent. */
  readonly stopMs?: number;
}

const START_MS = 180_000;
const STOP_MS = 20_000;
const REMEMBERED_LINES = 40;
const POLL_MS = 25;
const SETPRIV = '/usr/bin/setpriv';

const started = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of started) child.kill('SIGKILL');
});

/**
 * A real server as a child process, on a port and a folder that stay the same over restarts. It dies with us: on Linux by the kernel's
 * hand, elsewhere when we exit in order.
 */
export class ServerProcess {
  readonly name: string;
  readonly folder: string;
  private child: ChildProcess | undefined;
  private readonly lines: string[] = [];
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

  /** The signal that ended it last; undefined while it runs, and when it ended by itself. */
  get signal(): NodeJS.Signals | undefined {
    return this.child?.signalCode ?? undefined;
  }

  /** Where everything it printed since its last start lies, unless its lines are taken. */
  get logPath(): string {
    return join(this.folder, 'server.log');
  }

  /** Starts it, or starts it again after it ended or was killed, and resolves when it can be used. Rejects with its last words. */
  async start(): Promise<void> {
    if (this.running) return;
    const { program, args } = await boundToUs(this.plan);
    const child = await this.launch(program, args);
    this.child = child;
    started.add(child);
    this.ended = new Promise((resolve) => {
      child.once('error', () => resolve(null));
      child.once('exit', (code) => resolve(code));
    });
    void this.ended.then(() => started.delete(child));
    await this.untilReady();
  }

  /** Asks it to end and waits; ends it by force when it takes too long. Resolves with its exit code; null when it took force or had ended. */
  async stop(): Promise<number | null> {
    if (!this.running) return null;
    this.child?.kill('SIGTERM');
    // A paused process hears SIGTERM only when it goes on.
    this.child?.kill('SIGCONT');
    const stopped = await Promise.race([this.ended.then(() => true), delay(this.plan.stopMs ?? STOP_MS, false, { ref: false })]);
    if (!stopped) await this.kill();
    return this.ended;
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

  /** Freezes it (SIGSTOP): connections stay open and nobody answers. Resolves when all of it stands still. */
  async pause(): Promise<void> {
    this.child?.kill('SIGSTOP');
    while (this.running && !(await standsStill(this.child?.pid))) await delay(POLL_MS);
  }

  /** Lets it go on (SIGCONT). */
  resume(): void {
    this.child?.kill('SIGCONT');
  }

  /** Resolves with the exit code, null after a signal, when the running process ends. */
  untilEnd(): Promise<number | null> {
    return this.ended;
  }

  private async launch(program: string, args: readonly string[]): Promise<ChildProcess> {
    const options = { cwd: this.plan.cwd ?? this.folder, env: toolEnvironment(this.plan.env) };
    const { onLine } = this.plan;
    if (onLine === undefined) {
      const log = await open(this.logPath, 'w');
      const child = spawn(program, args, { ...options, stdio: ['ignore', log.fd, log.fd] });
      await log.close();
      return child;
    }
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    this.lines.length = 0;
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        this.lines.push(line);
        if (this.lines.length > REMEMBERED_LINES) this.lines.shift();
        onLine(line);
      });
    }
    return child;
  }

  private async lastWords(): Promise<string> {
    return this.plan.onLine === undefined ? readFile(this.logPath, 'utf8').catch(() => '') : this.lines.join('\n');
  }

  private async untilReady(): Promise<void> {
    const startMs = this.plan.startMs ?? START_MS;
    const deadline = performance.now() + startMs;
    for (;;) {
      const log = await this.lastWords();
      if (!this.running) throw new Error(`${this.name} did not start; its last words:\n${log.slice(-2_000)}`);
      if (await this.plan.isReady(log)) return;
      if (performance.now() > deadline) {
        await this.kill();
        throw new Error(`${this.name} was not ready after ${startMs} ms; its last words:\n${log.slice(-2_000)}`);
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

/** A busy machine may run other threads of a process for a while after the signal was sent. Where there is no /proc, the signal is trusted. */
async function standsStill(pid: number | undefined): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') T');
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T');
}

async function boundToUs({ program, args }: ServerPlan): Promise<{ program: string; args: string[] }> {
  const hasSetpriv = await access(SETPRIV).then(
    () => true,
    () => false,
  );
  return hasSetpriv ? { program: SETPRIV, args: ['--pdeathsig', 'KILL', '--', program, ...args] } : { program, args: [...args] };
}
