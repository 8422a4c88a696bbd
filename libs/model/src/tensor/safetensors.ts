import { DomainError } from '@gpt4video/ports/errors';
import type { NamedTensor, TensorData, TensorMap } from '@gpt4video/ports/model-session';
import { readHeader } from './safetensors-header.js';
import type { TensorEntry } from './safetensors-header.js';
import { widenBfloat16, widenFloat16 } from './float16.js';
import { elementCount, shapeText } from './tensor.js';

/** What a safetensors file holds: tensors by name, and free text about them. */
export interface SafetensorsFile {
  readonly tensors: TensorMap;
  readonly metadata: Readonly<Record<string, string>>;
}

const ALIGNMENT = 8;

/**
 * Writes tensors in the safetensors format (8-byte header length, JSON header, little-endian data).
 * The same tensors give the same bytes whatever their order in the map. Throws `internal` when shape and data disagree.
 */
export function encodeSafetensors(tensors: TensorMap, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const entries = Object.entries(tensors).sort(byWidthThenName);
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length > 0) header['__metadata__'] = Object.fromEntries(Object.entries(metadata).sort());
  let offset = 0;
  for (const [name, tensor] of entries) {
    checkFilled(name, tensor);
    header[name] = { dtype: dtypeOf(tensor.data), shape: tensor.shape, data_offsets: [offset, offset + tensor.data.byteLength] };
    offset += tensor.data.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const headerBytes = Math.ceil(text.length / ALIGNMENT) * ALIGNMENT;
  const file = new Uint8Array(ALIGNMENT + headerBytes + offset);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.fill(0x20, ALIGNMENT, ALIGNMENT + headerBytes);
  file.set(text, ALIGNMENT);
  let position = ALIGNMENT + headerBytes;
  for (const [, { data }] of entries) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position);
    position += data.byteLength;
  }
  return file;
}

/**
 * Reads a safetensors file; F16 and BF16 are widened to float32. The result owns its memory.
 * Throws `artifact_corrupt` naming the tensor, what was expected and what was found.
 */
export function decodeSafetensors(bytes: Uint8Array): TensorMap {
  return decodeSafetensorsFile(bytes).tensors;
}

/** As `decodeSafetensors`, with the metadata. */
export function decodeSafetensorsFile(bytes: Uint8Array): SafetensorsFile {
  const { entries, metadata } = readHeader(bytes);
  const tensors: Record<string, NamedTensor> = {};
  for (const entry of entries) tensors[entry.name] = { shape: entry.shape, data: readData(bytes, entry) };
  return { tensors, metadata };
}

/** The tensor of that name. Throws `artifact_corrupt` listing what is there. */
export function requireTensor(tensors: TensorMap, name: string): NamedTensor {
  const tensor = tensors[name];
  if (tensor !== undefined) return tensor;
  throw new DomainError('artifact_corrupt', `Tensor "${name}" is missing; the file holds ${Object.keys(tensors).sort().join(', ') || 'none'}. Make the file again.`);
}

function readData(bytes: Uint8Array, entry: TensorEntry): TensorData {
  // A copy of its own: `Buffer.slice` would share memory and alignment with the file.
  const { buffer } = new Uint8Array(bytes.subarray(entry.start, entry.end));
  switch (entry.dtype) {
    case 'F32':
      return new Float32Array(buffer);
    case 'F16':
      return widenFloat16(new Uint16Array(buffer));
    case 'BF16':
      return widenBfloat16(new Uint16Array(buffer));
    case 'I64':
      return new BigInt64Array(buffer);
    case 'I32':
      return new Int32Array(buffer);
    case 'U8':
      return new Uint8Array(buffer);
  }
}

function dtypeOf(data: TensorData): string {
  if (data instanceof Float32Array) return 'F32';
  if (data instanceof BigInt64Array) return 'I64';
  return data instanceof Int32Array ? 'I32' : 'U8';
}

function byWidthThenName([a, { data: left }]: [string, NamedTensor], [b, { data: right }]: [string, NamedTensor]): number {
  // Wide elements first keeps every tensor aligned to its own element size.
  return right.BYTES_PER_ELEMENT - left.BYTES_PER_ELEMENT || (a < b ? -1 : 1);
}

function checkFilled(name: string, { shape, data }: NamedTensor): void {
  if (data.length === elementCount(shape)) return;
  throw new DomainError('internal', `Tensor "${name}" of shape ${shapeText(shape)} must hold ${elementCount(shape)} values, found ${data.length}.`);
}
