import { DomainError } from '@gpt4video/ports/errors';
import type { GgufCursor } from './gguf-cursor.js';

/** A metadata value; 64-bit integers become numbers. */
export type GgufValue = number | boolean | string | readonly GgufValue[];

/** The file's key-value pairs, read by type. Getters throw `artifact_corrupt` naming the key, what was expected and what was found. */
export class GgufMetadata {
  constructor(
    private readonly file: string,
    private readonly values: ReadonlyMap<string, GgufValue>,
  ) {}

  number(key: string): number {
    const value = this.values.get(key);
    return typeof value === 'number' ? value : this.#fail(key, 'a number');
  }

  numberOr(key: string, absent: number): number {
    return this.values.has(key) ? this.number(key) : absent;
  }

  string(key: string): string {
    const value = this.values.get(key);
    return typeof value === 'string' ? value : this.#fail(key, 'a string');
  }

  stringOr(key: string, absent: string): string {
    return this.values.has(key) ? this.string(key) : absent;
  }

  booleanOr(key: string, absent: boolean): boolean {
    const value = this.values.get(key) ?? absent;
    return typeof value === 'boolean' ? value : this.#fail(key, 'true or false');
  }

  strings(key: string): readonly string[] {
    const value = this.values.get(key);
    return isArray(value) && value.every((item) => typeof item === 'string') ? value : this.#fail(key, 'a list of strings');
  }

  numbers(key: string): readonly number[] {
    const value = this.values.get(key);
    return isArray(value) && value.every((item) => typeof item === 'number') ? value : this.#fail(key, 'a list of numbers');
  }

  #fail(key: string, expected: string): never {
    const value = this.values.get(key);
    const found = value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 80);
    throw new DomainError('artifact_corrupt', `${this.file}, metadata ${key}: expected ${expected}, found ${found}. Fetch the file again or choose another.`);
  }
}

/** Reads `count` key-value pairs at the cursor. */
export function readMetadata(cursor: GgufCursor, count: number): GgufMetadata {
  const values = new Map<string, GgufValue>();
  for (let index = 0; index < count; index += 1) {
    const key = cursor.string('metadata');
    const part = `metadata ${key}`;
    values.set(key, readValue(cursor, cursor.uint32(part), part));
  }
  return new GgufMetadata(cursor.source.name, values);
}

const STRING = 8;
const ARRAY = 9;

function readValue(cursor: GgufCursor, type: number, part: string): GgufValue {
  if (type === ARRAY) return readArray(cursor, part);
  if (type === STRING) return cursor.string(part);
  const read = SCALARS[type];
  if (read === undefined) throw cursor.corrupt(part, 'a value type 0 to 12', `${type}`);
  return read(cursor, part);
}

function readArray(cursor: GgufCursor, part: string): readonly GgufValue[] {
  const type = cursor.uint32(part);
  if (type === ARRAY) throw cursor.corrupt(part, 'a flat list', 'a list of lists');
  const count = cursor.uint64(part);
  const items: GgufValue[] = [];
  for (let index = 0; index < count; index += 1) items.push(readValue(cursor, type, part));
  return items;
}

const SCALARS: Readonly<Record<number, (cursor: GgufCursor, part: string) => number | boolean>> = {
  0: (cursor, part) => cursor.uint8(part),
  1: (cursor, part) => cursor.int8(part),
  2: (cursor, part) => cursor.uint16(part),
  3: (cursor, part) => cursor.int16(part),
  4: (cursor, part) => cursor.uint32(part),
  5: (cursor, part) => cursor.int32(part),
  6: (cursor, part) => cursor.float32(part),
  7: (cursor, part) => cursor.uint8(part) !== 0,
  10: (cursor, part) => cursor.uint64(part),
  11: (cursor, part) => cursor.int64(part),
  12: (cursor, part) => cursor.float64(part),
};

function isArray(value: GgufValue | undefined): value is readonly GgufValue[] {
  return Array.isArray(value);
}
