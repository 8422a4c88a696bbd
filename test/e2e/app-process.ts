import { type ChildProcess, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '@gpt4video/testing/servers/free-port';

const root = resolve(import.meta.dirname, '../..');
const START_MS = 60_000;

/** One service as a process of its own, as a container runs it. */
export class AppProcess {
  readonly log: string[] = [];
  /** Exit code and signal, once it has ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  private readonly child: ChildProcess;

  private constructor(
    readonly app: string,
    readonly ports: { readonly grpc: number; readonly health: number; readonly http: number },
    env: Readonly<Record<string, string>>,
  ) {
    this.child = spawn(join(root, 'node_modules/.bin/node'), [`apps/${app}/dist/main.js`], { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
    if (this.child.stderr !== null) createInterface({ input: this.child.stderr }).on('line', (line) => this.log.push(line));
    this.ended = new Promise((accept) => this.child.once('close', (code, signal) => accept({ code, signal })));
  }

  /** Begins to start it, on free ports of loopback. */
  static async spawn(app: string, env: Readonly<Record<string, string>>): Promise<AppProcess> {
    const ports = { grpc: await freePort(), health: await freePort(), http: await freePort() };
    const listen = {
      GPT4VIDEO_GRPC_HOST: '127.0.0.1',
      GPT4VIDEO_GRPC_PORT: String(ports.grpc),
      GPT4VIDEO_HEALTH_HOST: '127.0.0.1',
      GPT4VIDEO_HEALTH_PORT: String(ports.health),
      GPT4VIDEO_HTTP_HOST: '127.0.0.1',
      GPT4VIDEO_HTTP_PORT: String(ports.http),
    };
    return new AppProcess(app, ports, { ...listen, ...env });
  }

  /** Starts it and resolves when it is ready. Rejects with its last words. */
  static async start(app: string, env: Readonly<Record<string, string>>): Promise<AppProcess> {
    const started = await AppProcess.spawn(app, env);
    const deadline = performance.now() + START_MS;
    while ((await started.readiness()) !== 200) {
      if (started.child.exitCode !== null || performance.now() > deadline) throw new Error(`${app} is not ready:\n${started.log.slice(-20).join('\n')}`);
      await new Promise((accept) => setTimeout(accept, 50));
    }
    return started;
  }

  get address(): string {
    return `127.0.0.1:${this.ports.grpc}`;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Status of `/health/ready`; undefined when nobody answers. */
  readiness(): Promise<number | undefined> {
    return fetch(`http://127.0.0.1:${this.ports.health}/health/ready`).then(
      ({ status }) => status,
      () => undefined,
    );
  }

  /** Whether a log line holds the message. */
  said(message: string): boolean {
    return this.log.some((line) => line.includes(`"message":"${message}"`));
  }

  /** Ends it by force if it has not ended. */
  async remove(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}
