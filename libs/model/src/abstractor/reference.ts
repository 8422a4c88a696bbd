import type { TensorMap } from '@gpt4video/ports/model-session';
import { stack } from '../tensor/tensor.js';
import type { FloatTensor } from '../tensor/tensor.js';
import type { AbstractorVariant } from './contract.js';
import { abstractorLayer, linear } from './layer.js';
import { add, at, concatRows, matrixOf, sliceRows } from './matrix.js';
import type { Matrix } from './matrix.js';
import { weightMatrix } from './weights.js';

/** How to read the weights. */
export interface AbstractorConfig {
  readonly variant: AbstractorVariant;
  readonly layers: number;
  readonly heads: number;
}

/**
 * The abstractor, written for reading and for checking exported graphs, not for speed: features `[B, T, P, D]` →
 * visual tokens `[B, Q + 1, W]` (`joint`) or `[B, Q, W]` (`paper`). Weights `time` `[T, D]` and `place` `[P, D]` are added
 * to the features where they exist: without `time` the result does not depend on the order of the frames.
 * Throws `artifact_corrupt` naming the weight that is missing.
 */
export function abstract(features: FloatTensor, weights: TensorMap, config: AbstractorConfig): FloatTensor {
  const [batch = 0, frames = 0, patches = 0, width = 0] = features.shape;
  const size = frames * patches * width;
  const videos = Array.from({ length: batch }, (_, video) => {
    const data = Float64Array.from(features.data.subarray(video * size, (video + 1) * size));
    const keys = placed({ rows: frames * patches, columns: width, data }, weights, { frames, patches });
    const tokens = config.variant === 'joint' ? joint(keys, weights, { ...config, frames }) : paper(keys, weights, config);
    return { shape: [tokens.rows, tokens.columns], data: Float32Array.from(tokens.data) };
  });
  return stack(videos);
}

/** mPLUG-Owl's code: both query sets pass the layers as one sequence; two projections are summed; `vit_eos` ends the tokens. */
function joint(keys: Matrix, weights: TensorMap, config: AbstractorConfig & { readonly frames: number }): Matrix {
  const spatial = weightMatrix(weights, 'spatial');
  const eos = weightMatrix(weights, 'vit_eos');
  // A single picture has no time to ask about: only the spatial queries are used.
  if (config.frames === 1) return concatRows(linear(throughLayers(spatial, keys, weights, config), weights, 'spatial_fc'), eos);
  const queries = throughLayers(concatRows(spatial, weightMatrix(weights, 'temporal')), keys, weights, config);
  const space = linear(sliceRows(queries, 0, spatial.rows), weights, 'spatial_fc');
  const time = linear(sliceRows(queries, spatial.rows, queries.rows), weights, 'temporal_fc');
  return concatRows(add(space, time), eos);
}

/** The paper's equations: each query set attends on its own, through shared layers; their sum is projected once. */
function paper(keys: Matrix, weights: TensorMap, config: AbstractorConfig): Matrix {
  const space = throughLayers(weightMatrix(weights, 'spatial'), keys, weights, config);
  const time = throughLayers(weightMatrix(weights, 'temporal'), keys, weights, config);
  return linear(add(space, time), weights, 'spatial_fc');
}

function throughLayers(queries: Matrix, keys: Matrix, weights: TensorMap, { layers, heads }: AbstractorConfig): Matrix {
  return Array.from({ length: layers }).reduce<Matrix>((state, _, index) => abstractorLayer(state, keys, { weights, prefix: `layers.${index}`, heads }), queries);
}

function placed(features: Matrix, weights: TensorMap, { frames, patches }: { readonly frames: number; readonly patches: number }): Matrix {
  const time = weights['time'] === undefined ? undefined : weightMatrix(weights, 'time');
  const place = weights['place'] === undefined ? undefined : weightMatrix(weights, 'place');
  return matrixOf(frames * patches, features.columns, (row, column) => {
    const inTime = time === undefined ? 0 : at(time, Math.floor(row / patches), column);
    const inPlace = place === undefined ? 0 : at(place, row % patches, column);
    return at(features, row, column) + inTime + inPlace;
  });
}
