// Programs that are measured, each a process of its own.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const START_MS = 60_000;

/** Starts a program of this folder that prints where it listens; resolves with its process and the line. */
export async function startProgram(name, args = []) {
  const child = spawn(process.execPath, [fileURLToPath(new URL(name, import.meta.url)), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  endWithUs(child);
  const address = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code}`)));
  });
  return { child, address, pid: child.pid, stop: () => stop(child) };
}

/** A measurement that breaks off leaves no process behind. */
export function endWithUs(child) {
  process.once('exit', () => child.kill('SIGKILL'));
}

/** Ends a process and waits for it. */
export function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', resolve).kill('SIGTERM'));
}

/** Resolves when the URL answers with 200. */
export async function untilReady(url, child) {
  for (const end = performance.now() + START_MS; performance.now() < end; await new Promise((resolve) => setTimeout(resolve, 50))) {
    if (child.exitCode !== null) throw new Error(`the server of ${url} ended with ${child.exitCode}`);
    if (await fetch(url).then(({ status }) => status === 200, () => false)) return;
  }
  throw new Error(`${url} is not ready after ${START_MS} ms`);
}

/** A port of loopback that nobody uses. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Bytes of memory that belong to a process alone and are no file's. */
export function ownMemory(pid) {
  return Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;
}

/** Seconds of processor time that a process has taken. */
export function processorSeconds(pid) {
  // After the name, which may hold spaces: the 14th and 15th fields of the line, in hundredths (man 5 proc).
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
