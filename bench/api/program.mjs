// Programs that are measured, each a process of its own.
import { spawn } from 'node:child_process';
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
