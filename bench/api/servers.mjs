// The gateway and what it is held against, all on loopback.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectionUrl } from '@gpt4video/adapters/postgres/connection-url';
import { EmbeddedPostgres } from '@gpt4video/adapters/postgres/embedded-postgres';
import { freePort } from '@gpt4video/testing/servers/free-port';
import { endWithUs, root, startProgram, stop, untilReady } from './program.mjs';

const KEY = 'sk-bench-0123456789abcdef';
const MANY = '100000';

/** The real gateway as a process of its own with a real Postgres; its stages take no time. */
export async function startGateway() {
  const folder = mkdtempSync(join(tmpdir(), 'gpt4video-bench-api-'));
  const [postgres, stages] = await Promise.all([EmbeddedPostgres.start({ directory: join(folder, 'postgres') }), startProgram('stages.mjs')]);
  const [http, grpc, health] = [await freePort(), await freePort(), await freePort()];
  const settings = {
    HTTP_HOST: '127.0.0.1', HTTP_PORT: http, GRPC_HOST: '127.0.0.1', GRPC_PORT: grpc, HEALTH_HOST: '127.0.0.1', HEALTH_PORT: health,
    DATABASE_URL: connectionUrl(postgres.connection), OBJECT_FOLDER: join(folder, 'objects'), BOOTSTRAP_KEY: KEY, LOG_LEVEL: 'error',
    FRAME_EXTRACTOR_ADDRESS: stages.address, DIALOGUE_ADDRESS: stages.address, SAFETY_ADDRESS: stages.address,
    CHAT_CONCURRENCY: MANY, TENANT_CONCURRENCY: MANY, TENANT_REQUESTS_PER_MINUTE: MANY, TENANT_TOKENS_PER_MINUTE: '1000000000',
  };
  const env = Object.fromEntries(Object.entries(settings).map(([name, value]) => [`GPT4VIDEO_${name}`, String(value)]));
  const child = spawn(process.execPath, [join(root, 'apps/gateway/dist/main.js')], { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit'] });
  endWithUs(child);
  const url = `http://127.0.0.1:${http}`;
  await untilReady(`${url}/health/ready`, child);
  const end = async () => {
    await stop(child);
    await Promise.all([stages.stop(), postgres.stop()]);
    rmSync(folder, { recursive: true, force: true });
  };
  return { name: 'gateway', url, pid: child.pid, folder, headers: { authorization: `Bearer ${KEY}` }, stop: end };
}

/** A bare Node server. */
export async function startBare() {
  const folder = mkdtempSync(join(tmpdir(), 'gpt4video-bench-bare-'));
  const { address, pid, stop: end } = await startProgram('bare-server.mjs', [folder]);
  const remove = async () => {
    await end();
    rmSync(folder, { recursive: true, force: true });
  };
  return { name: 'bare Node http', url: address, pid, folder, headers: {}, stop: remove };
}
