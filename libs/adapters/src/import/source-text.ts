import { readFile } from 'node:fs/promises';
import { DomainError } from '@gpt4video/ports/errors';

/** The text of a file that the source must have. Throws `invalid_request` naming it. */
export async function readSourceText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new DomainError('invalid_request', `The file ${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}. Name a folder that has it.`, { cause });
  }
}
