// The same graphs under the product's adapter and under Python's onnxruntime, in turn.
import { fileURLToPath } from 'node:url';
import { pythonRuntime } from './competitors.mjs';
import { median } from '../statistics.mjs';
import { startSide } from './side.mjs';
import { round } from '../report.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Prints a report with the time of all graphs together, and the memory of each side. */
export async function race({ title, what, graphs, threads, notes = [] }) {
  const sides = {
    ours: await startSide(process.execPath, [...process.execArgv, here('graphs-ours.mjs')]),
    theirs: await startSide(pythonRuntime(), [here('graphs.py')]),
  };
  const seen = { ours: [], theirs: [] };
  for (let index = 0; index <= ROUNDS; index += 1) {
    for (const [name, side] of Object.entries(sides)) {
      const answer = await side.ask({ graphs, threads });
      // The first round warms up.
      if (index > 0) seen[name].push(answer);
    }
  }
  const version = `Python onnxruntime ${sides.theirs.ready.version}`;
  const row = (clock, unit) => {
    const [ours, theirs] = ['ours', 'theirs'].map((name) => median(seen[name].map((answer) => answer[clock])));
    return { what, value: ours, unit, against: `${version}, ${round(theirs)} ${unit}`, ratio: ours / theirs, aim: '≤ 1.05' };
  };
  const [ours, theirs] = Object.values(sides).map((side) => side.peakMiB());
  const rows = [row('cpuMs', 'ms of processor time'), row('ms', 'ms by the clock'), { what: 'peak memory of the process', value: ours, unit: 'MiB', against: `${version}, ${round(theirs)} MiB`, ratio: ours / theirs }];
  process.stdout.write(`${JSON.stringify({ title, rows, notes: [`${threads} thread(s) a side, medians of ${ROUNDS} rounds in turn.`, ...notes] })}\n`);
  for (const side of Object.values(sides)) side.stop();
}
