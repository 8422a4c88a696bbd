/** A file that is read by range, so that its size does not matter. Reads throw `artifact_corrupt` when the file ends early. */
export interface ByteSource {
  /** What messages call the file. */
  readonly name: string;
  /** Bytes in the file. */
  readonly length: number;
  /** Bytes `start` inclusive to `end` exclusive, in memory of their own that begins at offset 0. */
  read(start: number, end: number): Uint8Array;
}
