import { basename, join, resolve } from 'node:path';
import { readComponentConfig } from '@gpt4video/model/assembly/component-config';
import { readSchedulerConfig } from '@gpt4video/model/assembly/scheduler-config';
import { vaeScale } from '@gpt4video/model/assembly/vae-config';
import { DomainError } from '@gpt4video/ports/errors';
import { z } from 'zod';
import { writeBundleFile } from './bundle-file.js';
import { readDecoderConfig, readDenoiserConfig, writeDecoder, writeDenoiser } from './film-graphs.js';
import { readFilmSettings } from './film-settings.js';
import { readFilmTokenizer } from './film-tokenizer.js';
import { chosenPrecision } from './precision.js';
import type { ImportSettings, SlotFragment } from './slot-importer.js';
import { readSourceText } from './source-text.js';
import { writeTextEncoder } from './text-encoder.js';

/** model_index.json: which classes the parts are. */
const pipeline = z.object({
  unet: z.tuple([z.string(), z.literal('UNet3DConditionModel')]),
  vae: z.tuple([z.string(), z.literal('AutoencoderKL')]),
  text_encoder: z.tuple([z.string(), z.literal('CLIPTextModel')]),
  tokenizer: z.tuple([z.string(), z.enum(['CLIPTokenizer', 'CLIPTokenizerFast'])]),
  scheduler: z.tuple([z.string(), z.string()]),
});

const TOKENIZER = 'text-encoder.tokenizer.json';
/** What diffusers' text-to-video pipeline takes when nothing is said; the steps of DPM-Solver++ are those of ZeroScope's authors. */
const GUIDANCE = 9;
const STEPS = { ddim: 50, 'dpmsolver++': 40 } as const;

/**
 * The film and text encoder slots from a diffusers folder of the ModelScope family (ZeroScope): model_index.json, unet/, vae/,
 * text_encoder/, tokenizer/ and scheduler/, weights as safetensors. Precision `float32` (default) or `float16`: how weights are kept,
 * computing is in float32. Throws `invalid_request` or `artifact_corrupt` naming file, tensor or field, expected and found.
 */
export async function importFilm(source: string, into: string, log: (line: string) => void, settings: ImportSettings = {}): Promise<SlotFragment> {
  const precision = chosenPrecision(settings.precision);
  const part = (name: string): string => join(source, name);
  await readPart(part('model_index.json'), (file) => readComponentConfig(file, pipeline));
  const [unet, vae] = [await readDenoiserConfig(part('unet')), await readDecoderConfig(part('vae'))];
  const { width, height, frames, fps, solver: asked } = readFilmSettings(settings, vaeScale(vae));
  const { schedule, solver } = await readPart(part('scheduler/scheduler_config.json'), (file) => readSchedulerConfig(file, asked));
  if (unet.inChannels !== vae.latentChannels) throw unequal(part('vae/config.json'), 'latent_channels', `${unet.inChannels}, the denoiser's`, vae.latentChannels);
  const latents = { frames, height: height / vaeScale(vae), width: width / vaeScale(vae) };

  const text = await writeTextEncoder(part('text_encoder'), into, { precision, log });
  if (text.width !== unet.textWidth) throw unequal(part('text_encoder/config.json'), 'hidden_size', `${unet.textWidth}, what the denoiser reads`, text.width);
  const { json, padToken } = await readFilmTokenizer(part('tokenizer'), text.maxTokens);
  const tokenizer = await writeBundleFile(into, TOKENIZER, [new TextEncoder().encode(json)]);
  const decoder = await writeDecoder(part('vae'), into, { latents, precision, log });
  const denoiser = await writeDenoiser(part('unet'), into, { latents, precision, textTokens: text.maxTokens, log });

  const name = basename(resolve(source));
  const film = {
    ...{ denoiser, decoder, origin: { source: name, precision }, frames, width, height, fps, schedule },
    latents: [unet.inChannels, frames, latents.height, latents.width] as [number, number, number, number],
    // At the published size each half of the guidance needs gigabytes, and so do the frames at once.
    videosPerRun: 1 as const,
    decodeFrames: 1,
    defaults: { steps: STEPS[solver], guidanceScale: GUIDANCE, solver },
  };
  const licence = (slot: string) => ({ part: slot, licence: 'not stated', source: name });
  return { manifest: { film, textEncoder: { ...text, tokenizer, padToken } }, licences: [licence('film'), licence('textEncoder')] };
}

async function readPart<Part>(name: string, read: (file: { name: string; text: string }) => Part): Promise<Part> {
  return read({ name, text: await readSourceText(name) });
}

function unequal(file: string, field: string, expected: string, found: number): DomainError {
  return new DomainError('artifact_corrupt', `${file}, field ${field}: expected ${expected}, found ${found}. Choose parts that were made for each other.`);
}
