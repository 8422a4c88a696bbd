import { z } from 'zod';
import { readComponentConfig } from './component-config.js';
import type { ConfigFile } from './component-config.js';

const count = z.number().int().positive();

/** vae/config.json of diffusers, as far as the decoder reads it. */
const schema = z.object({
  _class_name: z.literal('AutoencoderKL'),
  out_channels: z.literal(3).default(3),
  up_block_types: z.array(z.literal('UpDecoderBlock2D')).default(['UpDecoderBlock2D']),
  block_out_channels: z.array(count).min(1).default([64]),
  layers_per_block: count.default(1),
  act_fn: z.literal('silu').default('silu'),
  latent_channels: count.default(4),
  norm_num_groups: count.default(32),
  scaling_factor: z.number().positive().default(0.18215),
  shift_factor: z.null().default(null),
  latents_mean: z.null().default(null),
  latents_std: z.null().default(null),
  use_post_quant_conv: z.boolean().default(true),
  mid_block_add_attention: z.boolean().default(true),
});

/** Sizes of an image autoencoder's decoder. */
export interface VaeConfig {
  readonly latentChannels: number;
  /** Channels of each level, from fine to coarse. */
  readonly channels: readonly number[];
  readonly layersPerBlock: number;
  readonly groups: number;
  /** Latents were multiplied by it for the denoiser. */
  readonly scalingFactor: number;
  readonly postQuantConvolution: boolean;
  readonly midAttention: boolean;
}

/** Throws `artifact_corrupt` naming file, field, expected and found for anything that the graph could not compute. */
export function readVaeConfig(file: ConfigFile): VaeConfig {
  const config = readComponentConfig(file, schema);
  return {
    latentChannels: config.latent_channels,
    channels: config.block_out_channels,
    layersPerBlock: config.layers_per_block,
    groups: config.norm_num_groups,
    scalingFactor: config.scaling_factor,
    postQuantConvolution: config.use_post_quant_conv,
    midAttention: config.mid_block_add_attention,
  };
}

/** Pixels that one latent becomes, across and down. */
export function vaeScale({ channels }: VaeConfig): number {
  return 2 ** (channels.length - 1);
}
