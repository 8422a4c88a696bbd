// transformers.js generating greedily from a folder in its own layout.
import { basename } from 'node:path';
import { serveSide, stopwatch } from './side.mjs';
import { openTransformers } from './transformers-js.mjs';

const { project, folder, threads } = JSON.parse(process.argv[2]);
const { library, version, options } = await openTransformers(project, folder, threads);
const model = await library.AutoModelForCausalLM.from_pretrained(basename(folder), options);

/** Takes the times of the prompt's end and of the last token; the library hands it the prompt first. */
class Times extends library.BaseStreamer {
  tokens = [];
  firstToken = stopwatch();
  put([ids]) {
    if (this.seenPrompt) this.tokens.push(Number(ids[0]));
    if (this.seenPrompt && this.prefill === undefined) [this.prefill, this.decode] = [this.firstToken(), stopwatch()];
    this.seenPrompt = true;
  }
  end() {}
}

await serveSide({ version }, async ({ ids, tokens }) => {
  const tensor = (data) => new library.Tensor('int64', data, [1, ids.length]);
  const inputs = { input_ids: tensor(BigInt64Array.from(ids, BigInt)), attention_mask: tensor(new BigInt64Array(ids.length).fill(1n)) };
  const streamer = new Times();
  await model.generate({ ...inputs, max_new_tokens: tokens + 1, do_sample: false, streamer });
  const { prefill, decode } = streamer;
  if (streamer.tokens.length !== tokens + 1) throw new Error(`transformers.js stopped after ${streamer.tokens.length} tokens`);
  return { prefill, decode: decode(), ids: streamer.tokens };
});
