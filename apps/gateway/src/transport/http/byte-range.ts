import type { ByteRange } from '@gpt4video/ports/object-store';

/**
 * The one range of a `Range` header (RFC 9110 §14.1.2), end exclusive. Undefined, meaning the whole, when there is none, when there
 * are several, or when the unit is another; `unsatisfiable` when it starts past the end.
 */
export function readRange(header: string | undefined, bytes: number): ByteRange | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (match === null) return undefined;
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(0, bytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? bytes : Math.min(bytes, Number(last) + 1);
  if (start >= bytes || (first === '' && Number(last) === 0)) return 'unsatisfiable';
  return start < end ? { start, end } : undefined;
}
