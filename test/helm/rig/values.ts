import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { CHART, example } from './helm.js';
import { isRecord, memberSchema, type Schema } from './values-schema.js';

/** Values of the chart, or a part of them. */
export type Values = Readonly<Record<string, unknown>>;
/** Where a value stands: its keys from the outside in. */
export type Path = readonly string[];

/** What values.yaml says. */
export const DEFAULTS = parse(readFileSync(join(CHART, 'values.yaml'), 'utf8')) as Values;

/** An example's values over the defaults. */
export function exampleValues(name: string): Values {
  return merged(DEFAULTS, parse(readFileSync(example(name), 'utf8')) as Values);
}

/** The second over the first, as Helm lays one file of values over another. */
export function merged(under: Values, over: Values): Values {
  const pairs = Object.entries(over).map(([key, value]) => [key, isRecord(value) && isRecord(under[key]) ? merged(under[key], value) : value] as const);
  return { ...under, ...Object.fromEntries(pairs) };
}

/** The value at a path; undefined where there is none. */
export function valueAt(values: unknown, path: Path): unknown {
  return path.reduce((at, key) => (isRecord(at) ? at[key] : undefined), values);
}

/** The values with another one at the path. */
export function changed(values: Values, [key = '', ...rest]: Path, value: unknown): Values {
  return { ...values, [key]: rest.length === 0 ? value : changed(isRecord(values[key]) ? values[key] : {}, rest, value) };
}

/** Every path that can be given a value: the schema's keys, and under keys that people choose (pools, labels) those that the values have. */
export function leavesOf(schema: Schema, values: unknown, path: Path = []): readonly Path[] {
  const chosen = schema.properties === undefined && isRecord(values) ? Object.keys(values) : [];
  const keys = [...Object.keys(schema.properties ?? {}), ...chosen];
  if (keys.length === 0) return [path];
  return keys.flatMap((key) => leavesOf(memberSchema(schema, key), valueAt(values, [key]), [...path, key]));
}
