import { DomainError } from '@gpt4video/ports/errors';
import type { TensorFiles } from '../tensor/tensor-files.js';
import type { ClipVisionConfig } from './clip-config.js';
import { clipLayerNames, prefixOf } from './clip-layer-names.js';
import type { GraphSource, LinearWeights } from './dense-layers.js';
import type { EncoderLayerNames } from './encoder-layer.js';

/** A tensor by the name and shape that it has in the checkpoint. */
export interface NamedShape {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Where a checkpoint keeps the parts of the image tower. */
export interface VisionNames {
  readonly patch: string;
  readonly cls: NamedShape;
  readonly position: NamedShape;
  readonly preNorm: string;
  readonly postNorm: string;
  layer(index: number): EncoderLayerNames;
}

const PREFIXES = ['vision_model.', '', 'model.vision_model.'];

/** The names of the checkpoint's family. Throws `artifact_corrupt` for an mPLUG-Owl tower that mixes frames inside its layers. */
export function visionNames(tensors: TensorFiles, config: ClipVisionConfig): VisionNames {
  return config.family === 'clip' ? clipNames(prefixOf(tensors, PREFIXES, 'embeddings.class_embedding'), config) : owlNames(tensors, config);
}

/** transformers' CLIPModel and CLIPVisionModel; "pre_layrnorm" is their spelling. */
function clipNames(prefix: string, { width, imageSize, patchSize }: ClipVisionConfig): VisionNames {
  return {
    patch: `${prefix}embeddings.patch_embedding.weight`,
    cls: { name: `${prefix}embeddings.class_embedding`, shape: [width] },
    position: { name: `${prefix}embeddings.position_embedding.weight`, shape: [(imageSize / patchSize) ** 2 + 1, width] },
    preNorm: `${prefix}pre_layrnorm`,
    postNorm: `${prefix}post_layernorm`,
    layer: (index) => clipLayerNames(`${prefix}encoder.layers.${index}`, width),
  };
}

function owlNames(tensors: TensorFiles, config: ClipVisionConfig): VisionNames {
  const { width, imageSize, patchSize } = config;
  const prefix = prefixOf(tensors, PREFIXES, 'embeddings.cls_token');
  refuseTemporal(tensors, prefix);
  return {
    patch: `${prefix}embeddings.patch_embed.weight`,
    cls: { name: `${prefix}embeddings.cls_token`, shape: [1, 1, width] },
    position: { name: `${prefix}embeddings.position_embedding`, shape: [1, (imageSize / patchSize) ** 2 + 1, width] },
    preNorm: `${prefix}embeddings.pre_layernorm`,
    postNorm: `${prefix}post_layernorm`,
    layer: (index) => owlLayer(`${prefix}encoder.layers.${index}`, config),
  };
}

function owlLayer(prefix: string, config: ClipVisionConfig): EncoderLayerNames {
  const part = (source: GraphSource, offset: number, as: string): LinearWeights => owlPart(source, `${prefix}.self_attn.query_key_value`, config, { offset, as: `${prefix}.self_attn.${as}` });
  return {
    attentionNorm: `${prefix}.input_layernorm`,
    feedForwardNorm: `${prefix}.post_attention_layernorm`,
    attentionOut: `${prefix}.self_attn.dense`,
    up: `${prefix}.mlp.fc1`,
    down: `${prefix}.mlp.fc2`,
    projections: (source) => ({ query: part(source, 0, 'query'), key: part(source, 1, 'key'), value: part(source, 2, 'value') }),
  };
}

/** One matrix holds all three, head by head: the head's query rows, its key rows, its value rows. */
function owlPart({ weights }: GraphSource, name: string, { width, heads }: ClipVisionConfig, { offset, as }: { offset: number; as: string }): LinearWeights {
  const rows = width / heads;
  const blocks = Array.from({ length: heads }, (_, head) => [(3 * head + offset) * rows, (3 * head + offset + 1) * rows] as const);
  return {
    weight: weights.rows(`${name}.weight`, [3 * width, width], { as: `${as}.weight`, blocks }),
    bias: weights.rows(`${name}.bias`, [3 * width], { as: `${as}.bias`, blocks }),
  };
}

/** Frames are encoded one by one and kept; a tower whose frames see each other would give other features for other company. */
function refuseTemporal(tensors: TensorFiles, prefix: string): void {
  const name = tensors.names.find((each) => each.startsWith(`${prefix}encoder.layers.`) && each.includes('.temporal.'));
  if (name === undefined) return;
  throw new DomainError('artifact_corrupt', `${tensors.source}, tensor ${name}: expected an image tower without temporal convolutions, found one with them. Use the image checkpoint's tower, or CLIP's.`);
}
