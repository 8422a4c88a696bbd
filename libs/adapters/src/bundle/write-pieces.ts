import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { ExpectedFile } from './verify-file.js';

/** One write takes at most so many bytes, below what the system's call accepts. */
const MAX_WRITE = 1 << 28;

/** Writes a new file piece by piece, hashing on the way: only one piece is in memory. Returns the file's hash and size. */
export async function writePieces(path: string, pieces: Iterable<Uint8Array>): Promise<ExpectedFile> {
  const hash = createHash('sha256');
  const file = await open(path, 'w');
  let bytes = 0;
  try {
    for (const piece of pieces) {
      hash.update(piece);
      for (let start = 0; start < piece.length; ) start += (await file.write(piece, start, Math.min(MAX_WRITE, piece.length - start), bytes + start)).bytesWritten;
      bytes += piece.length;
    }
  } finally {
    await file.close();
  }
  return { sha256: hash.digest('hex'), bytes };
}
