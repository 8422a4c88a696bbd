import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const root = resolve(import.meta.dirname, '../..');
export const TEST_KEY = 'sk-test-0123456789abcdef';

/** A folder for a server's data, removed by the returned function. */
export async function makeDataFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'gpt4video-e2e-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** The real standalone server as its own process, as `npm start` runs it. */
export class ServerProcess {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    readonly log: readonly string[],
  ) {}

  /** Resolves when the server printed `ready`; rejects with its log when it ended before. */
  static async start(data: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
    const command = ['apps/standalone/dist/main.js', '--port', '0', '--data', data, '--api-key', TEST_KEY, ...args];
    const child = spawn(join(root, 'node_modules/.bin/node'), command, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const log: string[] = [];
    createInterface({ input: child.stderr }).on('line', (line) => log.push(line));
    const url = await new Promise<string>((accept, reject) => {
      child.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${log.slice(-20).join('\n')}`)));
      createInterface({ input: child.stdout }).on('line', (line) => {
        const match = /^ready (http:\/\/\S+)/.exec(line);
        if (match?.[1] !== undefined) accept(match[1]);
      });
    });
    return new ServerProcess(url, child, log);
  }

  /** Ends the server as an operator does; resolves with its exit code. */
  stop(): Promise<number | null> {
    return this.end('SIGTERM');
  }

  /** Ends the server as a power cut does. */
  kill(): Promise<number | null> {
    return this.end('SIGKILL');
  }

  /** A request with the test's key. */
  request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (!headers.has('authorization')) headers.set('authorization', `Bearer ${TEST_KEY}`);
    return fetch(new URL(path, this.url), { ...init, headers });
  }

  /** POSTs JSON. */
  post(path: string, body: unknown, init: RequestInit = {}): Promise<Response> {
    return this.request(path, { ...init, method: 'POST', body: JSON.stringify(body), headers: { ...init.headers, 'content-type': 'application/json' } });
  }

  /** Uploads bytes as a file of this name. */
  upload(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<Response> {
    const form = new FormData();
    form.set('purpose', 'vision');
    form.set('file', new Blob([bytes]), name);
    return this.request('/v1/files', { method: 'POST', body: form });
  }

  private end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return Promise.resolve(this.child.exitCode);
    const ended = new Promise<number | null>((accept) => this.child.once('exit', (code) => accept(code)));
    this.child.kill(signal);
    return ended;
  }
}

/** The parsed body, typed by the caller. */
export async function json<T>(response: Response): Promise<T> {
  return (await response.json()) as T;
}

/** Polls until the value satisfies the condition; fails with the last value after the deadline. */
export async function until<T>(read: () => Promise<T>, isDone: (value: T) => boolean, deadlineMs = 60_000): Promise<T> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const value = await read();
    if (isDone(value)) return value;
    if (Date.now() > end) throw new Error(`still ${JSON.stringify(value)} after ${deadlineMs} ms`);
    await new Promise((accept) => setTimeout(accept, 50));
  }
}
