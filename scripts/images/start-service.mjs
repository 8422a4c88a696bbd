// Starts a service from the tree of an image, as its container would: another user, nothing to write but a temporary folder.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { credentials, loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { protoPath } from 'grpc-health-check';

/** The user of the images. */
const USER = 10_001;
const START_MS = 120_000;

/** Resolves with what the service answered once it was ready, and ends it by SIGTERM. Rejects with its last words. */
export async function startService({ out, app, tmp, env, ports }) {
  const other = process.getuid() === 0 ? { uid: USER, gid: USER } : {};
  const child = spawn(join(out, 'bin/node'), [join(out, 'apps', app, 'dist/main.js')], { cwd: out, ...other, env: { PATH: `${out}/bin`, NODE_ENV: 'production', HOME: tmp, TMPDIR: tmp, ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
  let words = '';
  child.stderr.on('data', (chunk) => (words = (words + chunk).slice(-4_000)));
  const ended = new Promise((accept) => child.once('close', (code) => accept(code)));
  try {
    await ready(child, `http://127.0.0.1:${ports.health}/health/ready`);
    const status = await grpcHealth(`127.0.0.1:${ports.grpc}`);
    child.kill('SIGTERM');
    return { status, exit: await ended, user: other.uid ?? process.getuid() };
  } catch (error) {
    throw new Error(`${error.message}; its last words:\n${words}`, { cause: error });
  } finally {
    child.kill('SIGKILL');
  }
}

async function ready(child, url) {
  const deadline = performance.now() + START_MS;
  while (performance.now() < deadline && child.exitCode === null) {
    const status = await fetch(url).then((answer) => answer.status, () => undefined);
    if (status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(child.exitCode === null ? 'the service was not ready in time' : `the service ended with ${child.exitCode}`);
}

/** What the kubelet's probe asks: the status of the server. */
function grpcHealth(address) {
  const { Health } = loadPackageDefinition(loadSync(protoPath, { enums: String })).grpc.health.v1;
  const client = new Health(address, credentials.createInsecure());
  return new Promise((accept, reject) => client.check({ service: '' }, (error, answer) => (error === null ? accept(answer.status) : reject(error)))).finally(() => client.close());
}
