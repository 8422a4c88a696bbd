import { randomUUID } from 'node:crypto';

/** A fresh id such as `file_1f0c…`: the prefix and 32 hexadecimal digits. */
export function newId(prefix: 'file' | 'video' | 'chatcmpl' | 'req' | 'fact'): string {
  return `${prefix}_${randomUUID().replaceAll('-', '')}`;
}
