// The same weights as the product runs them and in other runtimes, in turn.
import { fileURLToPath } from 'node:url';
import { pythonRuntime, pythonTorch, transformersJs } from './competitors.mjs';
import { median } from '../statistics.mjs';
import { startNodeSide, startSide } from './side.mjs';
import { round } from '../report.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
/** How far results may lie apart, as a share: the sides compute the same. */
const TOLERANCE = 1e-3;

/** The other runtimes by name, each with the aim of our ratio to it. */
const RIVALS = {
  'Python onnxruntime': { aim: '≤ 1.05', start: () => startSide(pythonRuntime(), [here('graphs.py')]) },
  'transformers.js': { aim: '≤ 1.05', start: ({ graphs: [{ path }], threads }) => startNodeSide('graphs-transformers-js.mjs', JSON.stringify({ project: transformersJs(), path, threads })) },
  // Warnings of libraries are no result of the measurement.
  'eager PyTorch': { aim: '≤ 1', start: () => startSide(pythonTorch(), ['-W', 'ignore', here('graphs_torch.py')]) },
};

/** Prints a report with the time of all graphs together, and the memory of each side. */
export async function race({ title, what, graphs, threads, rivals, oneThread = false, notes = [] }) {
  const sides = { ours: await startNodeSide('graphs-ours.mjs', ...(oneThread ? ['one-thread'] : [])) };
  for (const name of rivals) sides[name] = await RIVALS[name].start({ graphs, threads });
  const seen = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  for (let index = 0; index <= ROUNDS; index += 1) {
    for (const [name, side] of Object.entries(sides)) {
      const answer = await side.ask({ graphs, threads });
      // The first round warms up.
      if (index > 0) seen[name].push(answer);
    }
  }
  const figures = Object.fromEntries(Object.entries(sides).map(([name, side]) => [name, figuresOf(seen[name], side.peakMiB())]));
  const rows = rivals.flatMap((name) => {
    agree(name, figures);
    const version = `${name} ${sides[name].ready.version}`;
    const row = (part, label, unit, aim) => {
      const [ours, theirs] = [figures.ours[part], figures[name][part]];
      return { what: label, value: ours, unit, against: `${version}, ${round(theirs)} ${unit}`, ratio: ours / theirs, aim };
    };
    const { aim } = RIVALS[name];
    return [row('cpuMs', what, 'ms of processor time', aim), row('ms', what, 'ms by the clock', aim), row('peakMiB', 'peak memory of the process', 'MiB')];
  });
  const same = `${threads} thread(s) a side, medians of ${ROUNDS} rounds in turn; the sides' results differ by less than ${TOLERANCE}.`;
  process.stdout.write(`${JSON.stringify({ title, rows, notes: [same, ...notes] })}\n`);
  for (const side of Object.values(sides)) side.stop();
}

function figuresOf(answers, peakMiB) {
  const middle = (part) => median(answers.map((answer) => answer[part]));
  return { cpuMs: middle('cpuMs'), ms: middle('ms'), peakMiB, digests: answers[0].digests };
}

/** A side that computes something else is no rival. */
function agree(name, figures) {
  figures.ours.digests.forEach((ours, index) => {
    const theirs = figures[name].digests[index];
    if (!(Math.abs(theirs / ours - 1) < TOLERANCE)) throw new Error(`${name} computes ${theirs} where the product computes ${ours}, graph ${index}`);
  });
}
