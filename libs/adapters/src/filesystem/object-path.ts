import { join } from 'node:path';
import { DomainError } from '@gpt4video/ports/errors';

const SEGMENT = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/;
const LONGEST_KEY = 1024;

/**
 * The directory of an object under `root`. Its name ends in `@`, which no key holds, so the key `a` and the key `a/b` can both exist.
 * Throws `invalid_request` for a key outside the alphabet of `ObjectStore`.
 */
export function objectDirectory(root: string, key: string): string {
  const segments = key.split('/');
  if (key.length > LONGEST_KEY || !segments.every((segment) => SEGMENT.test(segment))) {
    throw new DomainError('invalid_request', 'The object key is not usable; use segments of A-Z, a-z, 0-9, ".", "_" and "-" that do not start with a dot, separated by "/".');
  }
  return join(root, 'objects', `${join(...segments)}@`);
}
