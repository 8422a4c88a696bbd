import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerProcess } from '../servers/server-process.js';
import { Supervised } from './supervised.js';

const BACKOFF = { firstMs: 20, lastMs: 80, steadyMs: 60_000 };

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`it never came true: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('Supervised', () => {
  let folder: string;
  let said: string[];
  let keeper: Supervised;
  let server: ServerProcess;

  const supervise = (script: string): void => {
    server = new ServerProcess({ name: 'child', folder, program: process.execPath, args: ['-e', script], isReady: (log) => log.includes('up'), onLine: () => undefined });
    keeper = new Supervised(server, (line) => said.push(line), BACKOFF);
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'supervised-'));
    said = [];
  });

  afterEach(async () => {
    await keeper.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('starts again what was killed, and lets it be when it was stopped', async () => {
    supervise('process.on("SIGTERM", () => process.exit(0)); console.log("up"); setInterval(() => {}, 1000)');
    await keeper.start();
    const first = server.pid;
    process.kill(first, 'SIGKILL');
    await until(() => keeper.restarts === 1 && said.includes('child is back'));
    expect(server.pid).not.toBe(first);
    expect(await keeper.stop()).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(server.running).toBe(false);
  });

  it('waits longer each time for what cannot live', async () => {
    supervise('console.log("up"); setTimeout(() => process.exit(3), 100)');
    await keeper.start();
    await until(() => keeper.restarts >= 4);
    const waits = said.map((line) => /again in (\d+) ms/.exec(line)?.[1]).filter((wait) => wait !== undefined);
    expect(waits.slice(0, 4)).toEqual(['20', '40', '80', '80']);
  });
});

describe('ServerProcess', () => {
  it('tells the last words of what does not start', async () => {
    const server = new ServerProcess({ name: 'mute', folder: tmpdir(), program: process.execPath, args: ['-e', 'console.error("the port is taken"); process.exit(1)'], isReady: () => false, onLine: () => undefined });
    await expect(server.start()).rejects.toThrow(/mute did not start; its last words:\n[^]*the port is taken/);
  });
});
