// llama.cpp through node-llama-cpp's prebuilt library, on the GGUF file that ours was assembled from; greedy.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { serveSide, stopwatch } from './side.mjs';

const { folder, modelPath, threads } = JSON.parse(process.argv[2]);
const { getLlama } = await import(pathToFileURL(createRequire(join(folder, 'package.json')).resolve('node-llama-cpp')).href);
const llama = await getLlama({ gpu: false, build: 'never', logLevel: 'error', progressLogs: false });
const model = await llama.loadModel({ modelPath });
const context = await model.createContext({ contextSize: 4096, threads: { ideal: threads, min: threads }, batchSize: 512 });
const sequence = context.getSequence();

await serveSide({ system: llama.systemInfo }, async ({ ids, tokens }) => {
  await sequence.clearHistory();
  const firstToken = stopwatch();
  let prefill;
  let decode;
  let count = 0;
  for await (const token of sequence.evaluate(ids, { temperature: 0, yieldEogToken: true })) {
    if (count === 0) [prefill, decode] = [firstToken(), stopwatch()];
    if (count === tokens) return { prefill, decode: decode(), last: token };
    count += 1;
  }
  throw new Error(`llama.cpp stopped after ${count} tokens`);
});
