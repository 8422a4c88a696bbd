import { DomainError } from './errors.js';

const SEGMENT = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/;
const LONGEST_KEY = 1024;

/** The segments of an object's key, as `ObjectStore` allows them. Throws `invalid_request` for any other key. */
export function segmentsOfKey(key: string): readonly string[] {
  const segments = key.split('/');
  if (key.length > LONGEST_KEY || !segments.every((segment) => SEGMENT.test(segment))) {
    throw new DomainError('invalid_request', 'The object key is not usable; use segments of A-Z, a-z, 0-9, ".", "_" and "-" that do not start with a dot, separated by "/".');
  }
  return segments;
}

/** The segments of a prefix to list: none, or whole segments that end in `/`. Throws `invalid_request`. */
export function segmentsOfPrefix(prefix: string): readonly string[] {
  if (prefix === '') return [];
  if (prefix.endsWith('/')) return segmentsOfKey(prefix.slice(0, -1));
  throw new DomainError('invalid_request', 'The prefix is not usable; give whole segments that end in "/", or nothing for every object.');
}
