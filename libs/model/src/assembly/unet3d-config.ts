import { z } from 'zod';
import { readComponentConfig } from './component-config.js';
import type { ConfigFile } from './component-config.js';

const count = z.number().int().positive();

/** unet/config.json of diffusers, as far as a ModelScope-family film model may differ; other values are refused. */
const schema = z
  .object({
    _class_name: z.literal('UNet3DConditionModel'),
    in_channels: count.default(4),
    out_channels: count.default(4),
    block_out_channels: z.array(count).min(2).default([320, 640, 1280, 1280]),
    down_block_types: z.array(z.enum(['CrossAttnDownBlock3D', 'DownBlock3D'])).default(['CrossAttnDownBlock3D', 'CrossAttnDownBlock3D', 'CrossAttnDownBlock3D', 'DownBlock3D']),
    up_block_types: z.array(z.enum(['CrossAttnUpBlock3D', 'UpBlock3D'])).default(['UpBlock3D', 'CrossAttnUpBlock3D', 'CrossAttnUpBlock3D', 'CrossAttnUpBlock3D']),
    layers_per_block: count.default(2),
    downsample_padding: z.union([z.literal(0), z.literal(1)]).default(1),
    mid_block_scale_factor: z.literal(1).default(1),
    act_fn: z.literal('silu').default('silu'),
    norm_num_groups: count.default(32),
    norm_eps: z.number().positive().default(1e-5),
    cross_attention_dim: count.default(1024),
    attention_head_dim: count.default(64),
    num_attention_heads: z.null().default(null),
    time_cond_proj_dim: z.null().default(null),
  })
  .refine(({ down_block_types: down, block_out_channels: channels }) => down.length === channels.length, { path: ['down_block_types'], message: 'one entry a block of block_out_channels' })
  .refine(({ up_block_types: up, block_out_channels: channels }) => up.length === channels.length, { path: ['up_block_types'], message: 'one entry a block of block_out_channels' })
  .refine(({ block_out_channels: channels, attention_head_dim: head, norm_num_groups: groups }) => channels.every((width) => width % head === 0 && width % groups === 0), {
    path: ['block_out_channels'],
    message: 'multiples of attention_head_dim and of norm_num_groups',
  });

/** Sizes of a ModelScope-family UNet. */
export interface Unet3dConfig {
  readonly inChannels: number;
  readonly outChannels: number;
  /** Channels of each level, from fine to coarse. */
  readonly channels: readonly number[];
  /** Levels that attend on the way down, fine to coarse, and on the way up, coarse to fine. */
  readonly attends: { readonly down: readonly boolean[]; readonly up: readonly boolean[] };
  readonly layersPerBlock: number;
  readonly downsamplePadding: 0 | 1;
  readonly groups: number;
  readonly epsilon: number;
  readonly textWidth: number;
  readonly headWidth: number;
}

/** Throws `artifact_corrupt` naming file, field, expected and found for anything that the graph could not compute. */
export function readUnet3dConfig(file: ConfigFile): Unet3dConfig {
  const config = readComponentConfig(file, schema);
  return {
    inChannels: config.in_channels,
    outChannels: config.out_channels,
    channels: config.block_out_channels,
    attends: { down: config.down_block_types.map((type) => type === 'CrossAttnDownBlock3D'), up: config.up_block_types.map((type) => type === 'CrossAttnUpBlock3D') },
    layersPerBlock: config.layers_per_block,
    downsamplePadding: config.downsample_padding,
    groups: config.norm_num_groups,
    epsilon: config.norm_eps,
    textWidth: config.cross_attention_dim,
    headWidth: config.attention_head_dim,
  };
}
