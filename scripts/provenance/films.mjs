import { homedir } from 'node:os';
import { loadBundle } from '@gpt4video/adapters/bundle/load-bundle';
import { modelCacheFolder } from '@gpt4video/adapters/bundle/model-cache';
import { OnnxFilmModel } from '@gpt4video/adapters/onnx/onnx-film-model';
import { HfTokenizer } from '@gpt4video/adapters/tokenizer/hf-tokenizer';

const COLOURS = ['red', 'green', 'blue', 'yellow', 'purple', 'orange', 'white', 'pink'];
const SUBJECTS = ['star', 'ball', 'car', 'bird', 'boat', 'fish', 'flower'];
const MOTIONS = ['moves left', 'moves right', 'rises', 'falls', 'grows', 'shrinks', 'bounces'];
const PLACES = ['by day', 'at night', 'over the sea', 'in the desert', 'in the forest', 'in the snow', 'in the city', 'in space'];

/** Yields `count` films of the shipped bundle, each with another caption and seed. */
export async function* makeFilms(root, count) {
  const { manifest, pathOf } = await loadBundle({ folder: `${root}/models/cartoon`, cache: modelCacheFolder({ HOME: homedir(), GPT4VIDEO_MODEL_CACHE: process.env.GPT4VIDEO_MODEL_CACHE }) });
  const { textEncoder, film } = manifest;
  const tokenizer = await HfTokenizer.load(pathOf(textEncoder.tokenizer));
  const model = await OnnxFilmModel.open({ textEncoder: pathOf(textEncoder.file), denoiser: pathOf(film.denoiser), decoder: pathOf(film.decoder), tokenizer, manifest, threads: 2 });
  const { width, height, frames, fps } = film;
  try {
    for (let seed = 0; seed < count; seed += 1) {
      const pick = (words, stride) => words[Math.floor(seed / stride) % words.length];
      const caption = `a ${pick(COLOURS, 1)} ${pick(SUBJECTS, 3)} ${pick(MOTIONS, 2)} ${pick(PLACES, 5)}`;
      yield await model.film({ caption, negativePrompt: '', seed, steps: film.defaults.steps, guidanceScale: film.defaults.guidanceScale, width, height, frames, fps }, () => undefined, AbortSignal.timeout(60_000));
    }
  } finally {
    await model.close();
  }
}
