import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHART } from './helm.js';

/** The part of JSON Schema that values.schema.json is written in. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
}

/** The schema of the chart's values. */
export const VALUES_SCHEMA = JSON.parse(readFileSync(join(CHART, 'values.schema.json'), 'utf8')) as Schema;

/** What the schema says of a member. */
export function memberSchema({ properties = {}, additionalProperties }: Schema, key: string): Schema {
  return properties[key] ?? (typeof additionalProperties === 'object' ? additionalProperties : {});
}

/** Other values than the given one, all of the right form, the likeliest to be accepted by the chart first. */
export function otherValues(schema: Schema, value: unknown): readonly unknown[] {
  if (schema.enum !== undefined) return schema.enum.filter((other) => other !== value);
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap((each) => otherValues(each, value));
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'boolean':
      return [value !== true];
    case 'integer':
    case 'number':
      return otherNumbers(schema, typeof value === 'number' ? value : (schema.minimum ?? 0));
    // A field of a service's configuration may be of any form that an environment variable can hold.
    case undefined:
    case 'string':
      return otherTexts(schema, String(value ?? ''));
    case 'array':
      return otherLists(schema, Array.isArray(value) ? value : []);
    default:
      return Object.entries(memberOf(schema)).map(([key, member]) => ({ ...(isRecord(value) ? value : {}), [key]: sample(member) }));
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function otherNumbers({ type, minimum = Number.NEGATIVE_INFINITY, exclusiveMinimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY }: Schema, value: number): readonly number[] {
  const near = type === 'number' ? [value / 2, (value + maximum) / 2] : [value + 1, value - 1];
  return near.filter((other) => other !== value && other >= minimum && other > exclusiveMinimum && other <= maximum);
}

function otherTexts({ pattern = '' }: Schema, value: string): readonly string[] {
  const form = new RegExp(pattern);
  const near = [`${value}x`, `${value}1`, `1${value}`, `${value.slice(0, -1)}2`, `2${value.slice(1)}`, 'other', 'http://other:1'];
  return near.filter((other) => other !== value && form.test(other));
}

function otherLists({ items = {} }: Schema, value: readonly unknown[]): readonly unknown[] {
  const more = otherValues(items, value[0] ?? sample(items)).filter((other) => !value.includes(other)).map((other) => [...value, other]);
  return value.length > 0 ? [...more, value.slice(1)] : [[sample(items)], ...more];
}

/** Members that an object may be given: its first known key, or one that somebody chooses. */
function memberOf({ properties = {}, additionalProperties }: Schema): Readonly<Record<string, Schema>> {
  return typeof additionalProperties === 'object' ? { other: additionalProperties } : Object.fromEntries(Object.entries(properties).slice(0, 1));
}

/** Some value of the right form. */
function sample(schema: Schema): unknown {
  if (schema.enum !== undefined) return schema.enum[0];
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'object':
      return Object.fromEntries(Object.entries(memberOf(schema)).map(([key, member]) => [key, sample(member)]));
    case 'array':
      return [sample(schema.items ?? {})];
    default:
      return otherValues(schema, undefined)[0];
  }
}
