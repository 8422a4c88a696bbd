// Runs ONNX graphs through the product's session adapter; the same requests as graphs.py.
import { OnnxModelSession } from '@gpt4video/adapters/onnx/onnx-model-session';
import { serveSide, stopwatch } from './side.mjs';

const sessions = new Map();
const TYPES = { int64: (count) => new BigInt64Array(count).fill(1n), float32: (count) => Float32Array.from({ length: count }, (_, index) => Math.sin(index * 0.37)) };

await serveSide({}, async ({ graphs, threads }) => {
  const work = [];
  for (const { path, inputs, times } of graphs) {
    if (!sessions.has(path)) sessions.set(path, await OnnxModelSession.open({ path, threads }));
    const tensors = Object.fromEntries(Object.entries(inputs).map(([name, { shape, type }]) => [name, { shape, data: TYPES[type](shape.reduce((a, b) => a * b, 1)) }]));
    work.push({ session: sessions.get(path), tensors, times });
  }
  const watch = stopwatch();
  for (const { session, tensors, times } of work) for (let index = 0; index < times; index += 1) await session.run(tensors);
  return watch();
});
