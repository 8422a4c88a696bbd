// One film: the text encoder on both texts, every denoising step on the guided and the unguided half in one batch, the decoder.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { race } from './graph-race.mjs';

const bundle = fileURLToPath(new URL('../../models/cartoon', import.meta.url));
const { film, textEncoder } = JSON.parse(readFileSync(join(bundle, 'bundle.json'), 'utf8'));
const path = (file) => join(bundle, file.path);
const real = (...shape) => ({ shape, type: 'float32' });
const ids = { shape: [2, textEncoder.maxTokens], type: 'int64' };
const { steps } = film.defaults;
const guided = { latents: real(2, ...film.latents), timestep: real(2), text: real(2, textEncoder.maxTokens, textEncoder.width), text_mask: real(2, textEncoder.maxTokens) };
await race({
  title: 'Film',
  what: `text encoder, ${steps} guided steps, decoder`,
  graphs: [
    { path: path(textEncoder.file), times: 1, inputs: { input_ids: ids, attention_mask: ids } },
    { path: path(film.denoiser), times: steps, inputs: guided },
    { path: path(film.decoder), times: 1, inputs: { latents: real(1, ...film.latents) } },
  ],
  threads: 1,
  rivals: ['Python onnxruntime', 'eager PyTorch'],
  oneThread: true,
});
