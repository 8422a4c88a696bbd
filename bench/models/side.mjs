// One runtime in a process of its own, asked line by line in JSON, so that sides alternate and each one's memory is its own.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Starts a program that answers each line of JSON with one; the first line it prints says that it is ready. */
export async function startSide(program, args, options = {}) {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'], ...options });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${args[0]} ended before it answered`);
    return JSON.parse(value);
  };
  const ready = await next();
  return {
    ready,
    ask: (request) => {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      return next();
    },
    /** Peak resident memory in MiB (Linux only). */
    peakMiB: () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? NaN) / 1024,
    stop: () => child.stdin.end(),
  };
}

/** The same of a script of this folder, under this Node. */
export function startNodeSide(script, ...args) {
  return startSide(process.execPath, [...process.execArgv, fileURLToPath(new URL(script, import.meta.url)), ...args]);
}

/** The other end: answers requests until the input ends. */
export async function serveSide(ready, answer) {
  const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
  say(ready);
  for await (const line of createInterface({ input: process.stdin })) say(await answer(JSON.parse(line)));
  process.exit(0);
}

/** Milliseconds by the clock and of processor time since `begin()`. */
export function stopwatch() {
  const started = performance.now();
  const used = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(used);
    return { ms: performance.now() - started, cpuMs: (user + system) / 1000 };
  };
}
