// Runs ONNX graphs as the product does; the same requests as graphs.py. With `one-thread` all of them run on the thread that asks, as those
// of a film do in its worker; else each graph has a worker, which gets its inputs in messages.
import { OnnxModelSession } from '@gpt4video/adapters/onnx/onnx-model-session';
import { RuntimeSession } from '@gpt4video/adapters/onnx/runtime-session';
import { digestOf, valueOf } from './graph-values.mjs';
import { serveSide, stopwatch } from './side.mjs';

const sessions = new Map();
const open = (options) => (process.argv[2] === 'one-thread' ? RuntimeSession.load(options) : OnnxModelSession.open(options));

await serveSide({}, async ({ graphs, threads }) => {
  const work = [];
  for (const { path, inputs, times } of graphs) {
    if (!sessions.has(path)) sessions.set(path, await open({ path, threads }));
    const tensors = Object.fromEntries(Object.entries(inputs).map(([name, { shape, type }]) => [name, { shape, data: valueOf({ shape, type }) }]));
    work.push({ session: sessions.get(path), tensors, times });
  }
  const results = [];
  const watch = stopwatch();
  for (const { session, tensors, times } of work) {
    let outputs;
    for (let index = 0; index < times; index += 1) outputs = await session.run(tensors);
    results.push(Object.values(outputs)[0].data);
  }
  return { ...watch(), digests: results.map(digestOf) };
});
