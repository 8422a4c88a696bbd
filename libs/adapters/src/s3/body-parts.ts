/** One part of an upload. */
export interface BodyPart {
  readonly bytes: Uint8Array;
  /** True when nothing follows. */
  readonly last: boolean;
}

/** Cuts chunks of any size into parts of `size` bytes, the last one shorter; an empty body is one empty part. Holds one part and one chunk. */
export async function* partsOf(chunks: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<BodyPart> {
  let part = Buffer.allocUnsafe(0);
  let filled = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.byteLength; ) {
      if (filled === size) {
        yield { bytes: part, last: false };
        part = Buffer.allocUnsafe(size);
        filled = 0;
      }
      const take = Math.min(size - filled, chunk.byteLength - at);
      part = room(part, filled, filled + take, size);
      part.set(chunk.subarray(at, at + take), filled);
      filled += take;
      at += take;
    }
  }
  yield { bytes: part.subarray(0, filled), last: true };
}

/** Grows by doubling, so that a small object takes little. */
function room(part: Buffer<ArrayBuffer>, filled: number, needed: number, size: number): Buffer<ArrayBuffer> {
  if (needed <= part.byteLength) return part;
  const grown = Buffer.allocUnsafe(Math.min(size, Math.max(needed, part.byteLength * 2, 64 * 1024)));
  part.copy(grown, 0, 0, filled);
  return grown;
}
