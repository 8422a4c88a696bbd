import { DomainError } from '@gpt4video/ports/errors';

/** One field of a message: a varint as bigint, everything else as bytes (4, 8, or the field's own length). */
export interface ProtobufField {
  readonly field: number;
  readonly value: bigint | Uint8Array;
}

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;
const MAX_SHIFT = 63n;

/** Reads a protobuf message field by field without copying. Throws `artifact_corrupt` naming the file. */
export function* protobufFields(bytes: Uint8Array, file: string): Generator<ProtobufField> {
  let position = 0;
  const take = (count: number): Uint8Array => {
    if (count > bytes.length - position) throw corrupt(file, `${count} more bytes`, `${bytes.length - position}, so the file is truncated`);
    position += count;
    return bytes.subarray(position - count, position);
  };
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift <= MAX_SHIFT; shift += 7n) {
      const byte = take(1)[0] ?? 0;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw corrupt(file, 'a number of at most ten bytes', 'a longer one');
  };
  while (position < bytes.length) {
    const tag = varint();
    const field = Number(tag >> 3n);
    const wireType = Number(tag & 7n);
    if (wireType === VARINT) yield { field, value: varint() };
    else if (wireType === LENGTH_DELIMITED) yield { field, value: take(Number(varint())) };
    else if (wireType === FIXED64) yield { field, value: take(8) };
    else if (wireType === FIXED32) yield { field, value: take(4) };
    else throw corrupt(file, 'a protobuf field', `wire type ${wireType}`);
  }
}

/** The error of a file that is not what it should be. */
export function corrupt(file: string, expected: string, found: string): DomainError {
  return new DomainError('artifact_corrupt', `${file}: expected ${expected}, found ${found}. Fetch the file again or choose another.`);
}
