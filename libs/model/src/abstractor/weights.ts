import { DomainError } from '@gpt4video/ports/errors';
import type { TensorMap } from '@gpt4video/ports/model-session';
import { requireTensor } from '../tensor/safetensors.js';
import { shapeText } from '../tensor/tensor.js';
import type { Matrix } from './matrix.js';

/** A weight as a matrix whose last axis are the columns. Throws `artifact_corrupt` when it is missing or not float32. */
export function weightMatrix(weights: TensorMap, name: string): Matrix {
  const { shape, data } = requireTensor(weights, name);
  const columns = shape.at(-1) ?? 1;
  if (!(data instanceof Float32Array)) throw new DomainError('artifact_corrupt', `Weight "${name}" ${shapeText(shape)} must hold float32; export it again.`);
  return { rows: data.length / columns, columns, data: Float64Array.from(data) };
}
