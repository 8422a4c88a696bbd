import { join } from 'node:path';
import { readUnet3dConfig } from '@gpt4video/model/assembly/unet3d-config';
import type { Unet3dConfig } from '@gpt4video/model/assembly/unet3d-config';
import { buildUnet3dGraph } from '@gpt4video/model/assembly/unet3d-graph';
import { readVaeConfig } from '@gpt4video/model/assembly/vae-config';
import type { VaeConfig } from '@gpt4video/model/assembly/vae-config';
import { buildVaeDecoderGraph } from '@gpt4video/model/assembly/vae-decoder-graph';
import type { BundleGraph } from '@gpt4video/model/bundle/bundle-schema';
import type { WeightPrecision } from '@gpt4video/model/tensor/encoded-pieces';
import { writeBundleGraph } from './bundle-file.js';
import { openTensorFiles } from './open-tensor-files.js';
import { readSourceText } from './source-text.js';

/** What both graphs need to know besides their folder. */
export interface FilmGraphOptions {
  /** Size of the latents. */
  readonly latents: { readonly frames: number; readonly height: number; readonly width: number };
  readonly precision: WeightPrecision;
  readonly log: (line: string) => void;
}

const STEMS = ['diffusion_pytorch_model', 'diffusion_pytorch_model.fp16'];
const DENOISER = 'film-denoiser.onnx';
const DECODER = 'film-decoder.onnx';

/** The configuration of `unet/`. Throws `invalid_request` or `artifact_corrupt` naming file, field, expected and found. */
export async function readDenoiserConfig(source: string): Promise<Unet3dConfig> {
  const name = join(source, 'config.json');
  return readUnet3dConfig({ name, text: await readSourceText(name) });
}

/** The configuration of `vae/`. Throws as `readDenoiserConfig`. */
export async function readDecoderConfig(source: string): Promise<VaeConfig> {
  const name = join(source, 'config.json');
  return readVaeConfig({ name, text: await readSourceText(name) });
}

/** Writes the denoiser of `unet/` of a diffusers folder into the folder `into`. Throws naming file, tensor, expected and found. */
export async function writeDenoiser(source: string, into: string, options: FilmGraphOptions & { readonly textTokens: number }): Promise<BundleGraph> {
  const { latents, precision, textTokens, log } = options;
  const config = await readDenoiserConfig(source);
  const opened = await openTensorFiles(source, STEMS);
  try {
    log(`writing a UNet of ${config.channels.length} levels, widths ${config.channels.join(', ')}, as ${precision}`);
    const weightsFile = `${DENOISER}.data`;
    return await writeBundleGraph(into, DENOISER, weightsFile, buildUnet3dGraph({ config, tensors: opened.tensors, latents, precision, textTokens, weightsFile }));
  } finally {
    opened.close();
  }
}

/** Writes the decoder of `vae/` of a diffusers folder into the folder `into`. Throws as `writeDenoiser`. */
export async function writeDecoder(source: string, into: string, { latents, precision, log }: FilmGraphOptions): Promise<BundleGraph> {
  const config = await readDecoderConfig(source);
  const opened = await openTensorFiles(source, STEMS);
  try {
    log(`writing an image decoder of widths ${config.channels.join(', ')}, as ${precision}`);
    const weightsFile = `${DECODER}.data`;
    return await writeBundleGraph(into, DECODER, weightsFile, buildVaeDecoderGraph({ config, tensors: opened.tensors, latents, precision, weightsFile }));
  } finally {
    opened.close();
  }
}
