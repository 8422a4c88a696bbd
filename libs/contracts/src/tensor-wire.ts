import { DomainError } from '@gpt4video/ports/errors';
import type { NamedTensor } from '@gpt4video/ports/model-session';
import { DataType, type Tensor } from './gen/gpt4video/tensor/v1/tensor.js';

/** Puts a binary32 or unsigned byte tensor on the wire. The elements are not copied. */
export function tensorToWire(tensor: NamedTensor): Tensor {
  const { data } = tensor;
  const dataType = data instanceof Float32Array ? DataType.DATA_TYPE_FLOAT32 : data instanceof Uint8Array ? DataType.DATA_TYPE_UINT8 : undefined;
  if (dataType === undefined) throw new DomainError('internal', 'Only binary32 and unsigned byte tensors travel between services.');
  return { dataType, shape: [...tensor.shape], data: Buffer.from(data.buffer, data.byteOffset, data.byteLength) };
}

/** Reads `[..]` binary32 from the wire. Throws `invalid_request` naming `param` when type, shape and bytes disagree. */
export function floatsFromWire(wire: Tensor | undefined, param: string): { readonly shape: readonly number[]; readonly data: Float32Array } {
  const checked = check(wire, DataType.DATA_TYPE_FLOAT32, param);
  // The message's bytes may start anywhere; a Float32Array needs four-byte alignment.
  return { shape: checked.shape, data: new Float32Array(Uint8Array.from(checked.data).buffer) };
}

/** Reads `[..]` unsigned bytes from the wire. Throws as `floatsFromWire`. */
export function bytesFromWire(wire: Tensor | undefined, param: string): { readonly shape: readonly number[]; readonly data: Uint8Array } {
  const checked = check(wire, DataType.DATA_TYPE_UINT8, param);
  return { shape: checked.shape, data: checked.data };
}

const ELEMENT_BYTES: Readonly<Record<number, number>> = { [DataType.DATA_TYPE_FLOAT32]: 4, [DataType.DATA_TYPE_UINT8]: 1 };

function check(wire: Tensor | undefined, dataType: DataType, param: string): Tensor {
  if (wire === undefined) throw refused(param, 'is missing');
  if (wire.dataType !== dataType) throw refused(`${param}.data_type`, `must be ${DataType[dataType]}`);
  if (wire.shape.some((size) => !Number.isSafeInteger(size) || size < 1)) throw refused(`${param}.shape`, 'holds a size that is not a positive integer');
  const expected = wire.shape.reduce((product, size) => product * size, ELEMENT_BYTES[dataType] ?? 0);
  if (wire.data.byteLength !== expected) {
    throw refused(`${param}.data`, `holds ${wire.data.byteLength} bytes where the shape [${wire.shape.join(', ')}] needs ${expected}`);
  }
  return wire;
}

function refused(param: string, what: string): DomainError {
  return new DomainError('invalid_request', `The tensor "${param}" ${what}.`, { param });
}
