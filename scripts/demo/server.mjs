import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * Starts the server, as one process or as a cluster, on a free loopback port and resolves when it says `ready`.
 * Rejects with the server's last log lines when it ends first.
 */
export async function startServer({ root, data, key, cluster = false, logLevel = 'info' }) {
  const common = ['--port', '0', '--data', data, '--api-key', key, '--log-level', logLevel];
  const args = cluster ? ['scripts/cluster/main.mjs', ...common] : ['apps/standalone/dist/main.js', ...common, '--log-format', 'pretty'];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const lastLines = rememberLines(child.stderr);
  process.once('exit', () => child.kill('SIGKILL'));
  const url = await Promise.race([firstReadyLine(child.stdout), earlyEnd(child, lastLines)]);
  return { url, pid: child.pid, stop: () => stop(child), lastLines };
}

async function firstReadyLine(stdout) {
  for await (const line of createInterface({ input: stdout })) {
    const match = /^ready (http:\/\/\S+)/.exec(line);
    if (match !== null) return match[1];
  }
  return new Promise(() => undefined);
}

function earlyEnd(child, lastLines) {
  return new Promise((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code} before it was ready:\n${lastLines().join('\n')}`)));
  });
}

function rememberLines(stream) {
  const lines = [];
  createInterface({ input: stream }).on('line', (line) => {
    lines.push(line);
    if (lines.length > 40) lines.shift();
  });
  return () => [...lines];
}

/** Drains and ends the server; resolves with its exit code. */
function stop(child) {
  return new Promise((resolve) => {
    child.once('exit', resolve);
    child.kill('SIGTERM');
  });
}
