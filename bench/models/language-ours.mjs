// The product's language model: its worker, its cache, greedy.
import { OnnxLanguageModel } from '@gpt4video/adapters/onnx/onnx-language-model';
import { serveSide, stopwatch } from './side.mjs';

const { graph, embeddings, threads } = JSON.parse(process.argv[2]);
const model = await OnnxLanguageModel.open({ graph, embeddings, threads, contextTokens: 4096 });
const sampling = { temperature: 0, topP: 1, topK: 0, repetitionPenalty: 1, seed: 0 };

await serveSide({}, async ({ ids, tokens }) => {
  const firstToken = stopwatch();
  let prefill;
  let decode;
  const chosen = [];
  for await (const event of model.generate({ prompt: [{ kind: 'tokens', ids }], sampling, maxTokens: tokens + 1, stopIds: [] }, new AbortController().signal)) {
    if (event.kind === 'token') chosen.push(event.id);
    if (event.kind === 'token' && prefill === undefined) [prefill, decode] = [firstToken(), stopwatch()];
    if (event.kind === 'end') return { prefill, decode: decode(), reused: event.cachedTokens, ids: chosen };
  }
});
