import { DomainError } from '@gpt4video/ports/errors';
import type { NamedTensor, TensorData } from '@gpt4video/ports/model-session';

/** A dense row-major tensor of 32-bit floats. */
export interface FloatTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Expected shape: a number must match, a string names an axis of any length. */
export type ShapePattern = readonly (number | string)[];

/** Number of elements of a shape; 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Joins shape and data. Throws `internal` when they disagree. */
export function tensorOf<Data extends TensorData>(shape: readonly number[], data: Data): { readonly shape: readonly number[]; readonly data: Data } {
  const count = elementCount(shape);
  if (data.length !== count) {
    throw new DomainError('internal', `A tensor of shape ${shapeText(shape)} holds ${count} values, but ${data.length} were given; check what made it.`);
  }
  return { shape, data };
}

/** Throws `internal` naming tensor, expected and found shape unless the shape fits the pattern and the data fills it. */
export function expectShape(name: string, tensor: NamedTensor, pattern: ShapePattern): void {
  const fits = tensor.shape.length === pattern.length && pattern.every((length, axis) => typeof length === 'string' || length === tensor.shape[axis]);
  if (!fits) {
    throw new DomainError('internal', `Tensor "${name}" must have shape ${shapeText(pattern)}, found ${shapeText(tensor.shape)}; check that graph and bundle belong together.`);
  }
  if (tensor.data.length !== elementCount(tensor.shape)) {
    throw new DomainError('internal', `Tensor "${name}" of shape ${shapeText(tensor.shape)} must hold ${elementCount(tensor.shape)} values, found ${tensor.data.length}.`);
  }
}

/** The tensor as 32-bit floats of the expected shape. Throws `internal` as `expectShape`, or when the elements are of another type. */
export function expectFloats(name: string, tensor: NamedTensor | undefined, pattern: ShapePattern): FloatTensor {
  if (tensor === undefined) throw new DomainError('internal', `Tensor "${name}" of shape ${shapeText(pattern)} is missing; check that graph and bundle belong together.`);
  expectShape(name, tensor, pattern);
  if (!(tensor.data instanceof Float32Array)) {
    throw new DomainError('internal', `Tensor "${name}" must hold float32, found ${tensor.data.constructor.name}.`);
  }
  return { shape: tensor.shape, data: tensor.data };
}

/** Stacks tensors of one shape `[...]` into `[N, ...]`. Throws `internal` when there is none or shapes differ. */
export function stack(tensors: readonly FloatTensor[]): FloatTensor {
  const [first] = tensors;
  if (first === undefined) throw new DomainError('internal', 'Cannot stack zero tensors; give at least one.');
  const size = elementCount(first.shape);
  const data = new Float32Array(size * tensors.length);
  tensors.forEach((tensor, row) => {
    expectShape(`#${row} of the stack`, tensor, first.shape);
    data.set(tensor.data, row * size);
  });
  return { shape: [tensors.length, ...first.shape], data };
}

/** `[2, 3]` as text, for messages. */
export function shapeText(shape: ShapePattern): string {
  return `[${shape.join(', ')}]`;
}
