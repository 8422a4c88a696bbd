import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { DomainError } from '@gpt4video/ports/errors';

/** What a file must be. */
export interface ExpectedFile {
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Checks a file's size and hash. Throws `model_unavailable` naming the file, what was expected, what was found, and the remedy.
 * Without an expectation the file counts as missing.
 */
export async function verifyFile(path: string, expected: ExpectedFile | undefined, remedy: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || expected === undefined) throw unavailable(`The model file ${path} is missing`, remedy);
  if (found.size !== expected.bytes) throw unavailable(`The model file ${path} must have ${expected.bytes} bytes, found ${found.size}`, remedy);
  const { sha256 } = await measureFile(path);
  if (sha256 !== expected.sha256) throw unavailable(`The model file ${path} must have sha256 ${expected.sha256}, found ${sha256}`, remedy);
}

/** What a file is; reads it in pieces. */
export async function measureFile(path: string): Promise<ExpectedFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Uint8Array>) {
    hash.update(chunk);
    bytes += chunk.byteLength;
  }
  return { sha256: hash.digest('hex'), bytes };
}

/** SHA-256 of the pieces one after the other, in hexadecimal. */
export function sha256Of(pieces: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}

function unavailable(fault: string, remedy: string): DomainError {
  return new DomainError('model_unavailable', `${fault}. ${remedy}`);
}
