// `npm run bench:cuda [-- FOLDER]`: every graph of a bundle on the processor and on CUDA, opened as the product opens it. Where CUDA cannot
// be had it says why and ends with 1; so it does when a graph does not agree with itself, or computes nothing on the card.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RuntimeSession } from '@gpt4video/adapters/onnx/runtime-session';
import { memoryMiB } from './card.mjs';
import { compareGraph } from './compare.mjs';
import { placementOf } from './placement.mjs';

/** How far the sides may lie apart, as a share of the largest magnitude: on CUDA products of matrices round to ten bits (TF32). */
const TOLERANCE = 1e-2;
/** Where a graph rounds its states to eight bits on the way, a small difference becomes a whole step. */
const TOLERANCE_OF_INT8 = 1e-1;
const THREADS = Math.min(8, availableParallelism());
const BATCH = Number(process.env.BENCH_BATCH ?? 4);

const bundle = resolve(process.argv[2] ?? fileURLToPath(new URL('../../models/cartoon', import.meta.url)));
const graphs = readdirSync(bundle).filter((name) => name.endsWith('.onnx')).map((name) => join(bundle, name));
if (graphs.length === 0) end(`There is no graph in ${bundle}.`);

const probe = await RuntimeSession.load({ path: graphs[0], threads: 1, providers: ['cuda', 'cpu'] });
const { execution } = probe;
await probe.close();
if (execution.provider !== 'cuda') end(`There is nothing to measure here: ${execution.fallback}.`);

say(`batches of ${BATCH}, ${THREADS} thread(s) on the processor, medians of 20 runs after 5; card: ${memoryMiB() ?? '?'} MiB in use before\n`);
const reports = [];
for (const path of graphs) {
  const report = { ...(await compareGraph({ path, batch: BATCH, threads: THREADS })), nodes: await placementOf({ path, batch: BATCH }) };
  reports.push(report);
  say(line(report));
}
const withoutLibraries = refusal();
say(`\nwithout LD_LIBRARY_PATH: ${withoutLibraries}\n`);
say(JSON.stringify({ node: process.version, threads: THREADS, batch: BATCH, reports, withoutLibraries }));

const apart = reports.filter(({ graph, relative }) => !(relative <= (graph.includes('int8') ? TOLERANCE_OF_INT8 : TOLERANCE)));
const elsewhere = reports.filter(({ nodes }) => !(nodes.cuda > 0));
if (apart.length > 0) end(`Further apart than they may be: ${apart.map(({ graph }) => graph).join(', ')}.`);
if (elsewhere.length > 0) end(`Not one node on the card: ${elsewhere.map(({ graph }) => graph).join(', ')}.`);

function line({ graph, difference, relative, cpuMs, cudaMs, openMs, cardMiB, nodes }) {
  const left = nodes.fallen.length === 0 ? '' : ` (${nodes.fallen.join(', ')})`;
  return `${graph}: apart by ${difference.toExponential(1)} (${relative.toExponential(1)} of the largest), cpu ${cpuMs.toFixed(2)} ms, cuda ${cudaMs.toFixed(2)} ms (${(cpuMs / cudaMs).toFixed(1)} times), opened in ${openMs.toFixed(0)} ms, card ${cardMiB ?? '?'} MiB, nodes on cuda ${nodes.cuda}, on cpu ${nodes.cpu}${left}`;
}

/** What a process says that looks for CUDA where the system's own libraries are, and no others. */
function refusal() {
  const { LD_LIBRARY_PATH: _, ...env } = process.env;
  const { stdout, status, signal } = spawnSync(process.execPath, [fileURLToPath(new URL('refusal.mjs', import.meta.url)), graphs[0]], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return status === 0 ? stdout.trim() : `the process ended with ${signal ?? status}`;
}

function say(text) {
  process.stdout.write(`${text}\n`);
}

function end(why) {
  process.stderr.write(`${why}\n`);
  process.exit(1);
}
