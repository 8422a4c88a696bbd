import { join } from 'node:path';
import { segmentsOfKey, segmentsOfPrefix } from '@gpt4video/ports/object-key';

const OBJECTS = 'objects';
const MARK = '@';

/**
 * The directory of an object under `root`. Its name ends in `@`, which no key holds, so the key `a` and the key `a/b` can both exist.
 * Throws `invalid_request` for a key outside the alphabet of `ObjectStore`.
 */
export function objectDirectory(root: string, key: string): string {
  return join(root, OBJECTS, `${join(...segmentsOfKey(key))}${MARK}`);
}

/** The directory that holds every object under a prefix. Throws `invalid_request`. */
export function prefixDirectory(root: string, prefix: string): string {
  return join(root, OBJECTS, ...segmentsOfPrefix(prefix));
}

/** The last segment of the key whose object is kept in a directory of this name; undefined for a directory of further segments. */
export function segmentOfDirectory(name: string): string | undefined {
  return name.endsWith(MARK) ? name.slice(0, -MARK.length) : undefined;
}
