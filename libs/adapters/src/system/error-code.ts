/**
 * The code of a system or driver error, such as `ENOENT` or `40001`; undefined for other values.
 * Looks at the shape alone: an error may come from another realm, where `instanceof Error` is false.
 */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
