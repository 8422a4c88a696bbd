import type { NamedTensor, TensorData, TensorMap, TensorSpec } from '@gpt4video/ports/model-session';

const ARRAYS: Readonly<Record<string, (length: number) => TensorData>> = {
  float32: (length) => new Float32Array(length),
  int32: (length) => new Int32Array(length),
  int64: (length) => new BigInt64Array(length),
  uint8: (length) => new Uint8Array(length),
};

/** Inputs of zeros that a graph takes, every dynamic axis 1: enough to make a provider prepare its kernels. Undefined for a graph with other element types. */
export function blankInputs(specs: readonly TensorSpec[]): TensorMap | undefined {
  const blanks = specs.map((spec) => [spec.name, blank(spec)] as const);
  return blanks.every((entry): entry is readonly [string, NamedTensor] => entry[1] !== undefined) ? Object.fromEntries(blanks) : undefined;
}

function blank({ type, shape }: TensorSpec): NamedTensor | undefined {
  const sizes = shape.map((axis) => (typeof axis === 'number' ? axis : 1));
  const data = ARRAYS[type]?.(sizes.reduce((product, axis) => product * axis, 1));
  return data === undefined ? undefined : { shape: sizes, data };
}
