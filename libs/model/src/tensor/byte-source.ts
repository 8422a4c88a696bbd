import { DomainError } from '@gpt4video/ports/errors';

/** A file that is read by range, so that its size does not matter. Reads throw `artifact_corrupt` when the file ends early. */
export interface ByteSource {
  /** What messages call the file. */
  readonly name: string;
  /** Bytes in the file. */
  readonly length: number;
  /** Bytes `start` inclusive to `end` exclusive, in memory of their own that begins at offset 0. */
  read(start: number, end: number): Uint8Array;
}

/** A file that is in memory already. */
export function byteSourceOf(name: string, bytes: Uint8Array): ByteSource {
  const read = (start: number, end: number): Uint8Array => {
    if (end > bytes.length) throw truncated(name, start, end, bytes.length);
    // A copy: `Buffer.slice` would share memory and alignment with the file.
    return new Uint8Array(bytes.subarray(start, end));
  };
  return { name, length: bytes.length, read };
}

/** The fault of a file that ends before byte `end`. */
export function truncated(name: string, start: number, end: number, length: number): DomainError {
  return new DomainError('artifact_corrupt', `${name}: expected bytes ${start} to ${end}, found a file of ${length}, so it is truncated. Fetch the file again.`);
}
