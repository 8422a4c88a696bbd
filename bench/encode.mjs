// Encode throughput of the session adapter (its worker thread included) against bare onnxruntime-node on the same graph and frames.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { OnnxModelSession } from '@gpt4video/adapters/onnx/onnx-model-session';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { median } from './statistics.mjs';

const bundle = fileURLToPath(new URL('../models/cartoon', import.meta.url));
const { vision } = JSON.parse(readFileSync(join(bundle, 'bundle.json'), 'utf8'));
const path = join(bundle, vision.file.path);
const THREADS = 2;
const ROUNDS = 15;
const RUNS = 12;
const shape = [4, 3, vision.size, vision.size];
const elements = shape.reduce((a, b) => a * b);
const pixels = () => Float32Array.from({ length: elements }, (_, index) => Math.sin(index * 0.37));

const bare = await InferenceSession.create(path, { intraOpNumThreads: THREADS, interOpNumThreads: 1, executionMode: 'sequential', extra: { session: { intra_op: { allow_spinning: '0' } } } });
const adapter = await OnnxModelSession.open({ path, threads: THREADS });
const runBare = () => bare.run({ pixels: new Tensor('float32', pixels(), shape) });
const runAdapter = () => adapter.run({ pixels: { shape, data: pixels() } });

await time(runBare);
await time(runAdapter);
const ratios = [];
const bareMs = [];
const adapterMs = [];
// In turn, so that a drift of the machine's speed touches both sides.
for (let round = 0; round < ROUNDS; round += 1) {
  bareMs.push(await time(runBare));
  adapterMs.push(await time(runAdapter));
  ratios.push(bareMs.at(-1) / adapterMs.at(-1));
}
await adapter.close();
const frames = RUNS * shape[0];
process.stdout.write(
  `${JSON.stringify({
    title: 'Encoding frames',
    rows: [
      { what: `vision tower through the adapter, batches of ${shape[0]}`, value: (1000 * frames) / median(adapterMs), unit: 'frames/s', against: `bare onnxruntime-node, ${Math.round((1000 * frames) / median(bareMs))} frames/s`, ratio: median(ratios), aim: '≥ 0.95' },
    ],
  })}\n`,
);

async function time(run) {
  const started = performance.now();
  for (let index = 0; index < RUNS; index += 1) await run();
  return performance.now() - started;
}
