// One graph on both providers with the same inputs.
import { basename } from 'node:path';
import { OnnxModelSession } from '@gpt4video/adapters/onnx/onnx-model-session';
import { median } from '../statistics.mjs';
import { memoryMiB } from './card.mjs';
import { seededInputs } from './inputs.mjs';

const WARM_UPS = 5;
const RUNS = 20;

/**
 * Runs the graph as services do, in a worker that gets its inputs in messages. The difference is the largest of all outputs; `relative` is
 * that of an output to the largest magnitude in it, the worst of them; times are milliseconds, the copies to the card and back included.
 */
export async function compareGraph({ path, batch, threads, providers = ['cpu', 'cuda'] }) {
  const sides = [];
  for (const provider of providers) sides.push(await measure({ path, batch, threads, provider }));
  const [cpu, cuda] = sides;
  const outputs = Object.keys(cpu.results).map((name) => distance(cpu.results[name].data, cuda.results[name].data));
  return {
    graph: basename(path),
    difference: Math.max(...outputs.map(({ difference }) => difference)),
    relative: Math.max(...outputs.map(({ relative }) => relative)),
    cpuMs: cpu.ms,
    cudaMs: cuda.ms,
    openMs: cuda.openMs,
    cardMiB: cuda.cardMiB,
  };
}

async function measure({ path, batch, threads, provider }) {
  const began = performance.now();
  const session = await OnnxModelSession.open({ path, threads, providers: [provider] });
  const openMs = performance.now() - began;
  try {
    const inputs = seededInputs(session.inputs, batch);
    const times = [];
    let results;
    for (let index = 0; index < WARM_UPS + RUNS; index += 1) {
      const started = performance.now();
      results = await session.run(inputs);
      times.push(performance.now() - started);
    }
    return { results, openMs, ms: median(times.slice(WARM_UPS)), cardMiB: provider === 'cuda' ? memoryMiB() : undefined };
  } finally {
    await session.close();
  }
}

/** Of two results; what is no number on either side is infinitely far away. */
export function distance(ours, theirs) {
  let difference = ours.length === theirs.length ? 0 : Infinity;
  let largest = Number.MIN_VALUE;
  for (let index = 0; index < ours.length; index += 1) {
    const apart = Math.abs(Number(ours[index]) - Number(theirs[index]));
    difference = Number.isNaN(apart) ? Infinity : Math.max(difference, apart);
    largest = Math.max(largest, Math.abs(Number(ours[index])));
  }
  return { difference, relative: difference / largest };
}
