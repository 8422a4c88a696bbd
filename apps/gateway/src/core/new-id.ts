import { createHash, randomUUID } from 'node:crypto';

type Prefix = 'file' | 'video' | 'upload' | 'part' | 'chatcmpl' | 'modr' | 'webhook' | 'event' | 'req' | 'fact' | 'tenant';

/** A fresh id such as `file_1f0c…`: the prefix and 32 hexadecimal digits. */
export function newId(prefix: Prefix): string {
  return `${prefix}_${randomUUID().replaceAll('-', '')}`;
}

/** The id of what a repeatable request makes: the same for every try of it, fresh when the request cannot be repeated. */
export function idOf(prefix: Prefix, once: string | undefined): string {
  return once === undefined ? newId(prefix) : `${prefix}_${createHash('sha256').update(once).digest('hex').slice(0, 32)}`;
}
