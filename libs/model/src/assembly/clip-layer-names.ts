import type { TensorFiles } from '../tensor/tensor-files.js';
import { linearWeights } from './dense-layers.js';
import type { EncoderLayerNames } from './encoder-layer.js';

/** The layer under `prefix` as transformers names it, in CLIP's image and text towers alike. */
export function clipLayerNames(prefix: string, width: number): EncoderLayerNames {
  return {
    attentionNorm: `${prefix}.layer_norm1`,
    feedForwardNorm: `${prefix}.layer_norm2`,
    attentionOut: `${prefix}.self_attn.out_proj`,
    up: `${prefix}.mlp.fc1`,
    down: `${prefix}.mlp.fc2`,
    projections: (source) => {
      const part = (name: string) => linearWeights(source, `${prefix}.self_attn.${name}`, width, width);
      return { query: part('q_proj'), key: part('k_proj'), value: part('v_proj') };
    },
  };
}

/** The prefix under which the checkpoint keeps `name`; the first when it keeps it under none, so that messages name that. */
export function prefixOf(tensors: TensorFiles, prefixes: readonly string[], name: string): string {
  return prefixes.find((prefix) => tensors.find(`${prefix}${name}`) !== undefined) ?? prefixes[0] ?? '';
}
