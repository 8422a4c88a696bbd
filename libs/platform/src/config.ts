import { z } from 'zod';

/** What a field of a configuration schema may say of itself, besides `.describe()`. */
export interface FieldMeta {
  /** Name of the variable, where it is not `GPT4VIDEO_{FIELD_NAME}`. */
  readonly env?: string | undefined;
  /** The value is never shown. */
  readonly sensitive?: boolean | undefined;
  /** What to do about a bad value, where the description does not say enough. */
  readonly remedy?: string | undefined;
}

/** A flat configuration: one variable a field. Numbers and flags are coerced: `z.coerce.number()`, `z.stringbool()`. */
export type ConfigSchema = z.ZodObject<Readonly<Record<string, z.ZodType>>>;

/** Every fault of a configuration, in one message. */
export class ConfigError extends Error {
  constructor(
    app: string,
    readonly faults: readonly string[],
  ) {
    super(`The configuration of ${app} has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** Reads an app's configuration; an empty variable counts as absent. Throws a ConfigError that lists all faults with remedies. */
export function loadConfig<Schema extends ConfigSchema>(app: string, schema: Schema, env: Readonly<Record<string, string | undefined>> = process.env): Readonly<z.output<Schema>> {
  const found = Object.fromEntries(fieldsOf(schema).map(({ name, variable }) => [name, env[variable] === '' ? undefined : env[variable]]));
  const parsed = schema.safeParse(found);
  if (parsed.success) return Object.freeze(parsed.data);
  const faults = parsed.error.issues.map((issue) => describeFault(schema, issue, found));
  throw new ConfigError(app, [...new Set(faults)]);
}

/** The variables of a schema as a Markdown table, for the README. */
export function configTable(schema: ConfigSchema): string {
  const rows = fieldsOf(schema).map(({ variable, type, meta }) => {
    const fallback = type.safeParse(undefined);
    const value = !fallback.success ? 'required' : fallback.data === undefined ? '' : meta.sensitive === true ? 'set' : `\`${String(fallback.data)}\``;
    return `| \`${variable}\` | ${value} | ${type.description ?? ''} |`;
  });
  return ['| variable | default | what it is |', '| --- | --- | --- |', ...rows].join('\n');
}

/** Variable names by field, for tests that tie a deployment to its app. */
export function variablesOf(schema: ConfigSchema): readonly string[] {
  return fieldsOf(schema).map(({ variable }) => variable);
}

const META = z.object({ env: z.string().optional(), sensitive: z.boolean().optional(), remedy: z.string().optional() });

interface Field {
  readonly name: string;
  readonly variable: string;
  readonly type: z.ZodType;
  readonly meta: FieldMeta;
}

function fieldsOf(schema: ConfigSchema): readonly Field[] {
  return Object.entries(schema.shape).map(([name, type]) => {
    const meta = META.parse(type.meta() ?? {});
    return { name, type, meta, variable: meta.env ?? `GPT4VIDEO_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}` };
  });
}

function describeFault(schema: ConfigSchema, issue: z.core.$ZodIssue, found: Readonly<Record<string, string | undefined>>): string {
  const field = fieldsOf(schema).find(({ name }) => name === issue.path[0]);
  if (field === undefined) return issue.message;
  const value = found[field.name];
  const seen = value === undefined ? 'is not set' : field.meta.sensitive === true ? 'has a bad value (hidden)' : `is "${value}"`;
  const problem = value === undefined ? '' : ` (${issue.message})`;
  return `${field.variable} ${seen}${problem}; ${field.meta.remedy ?? `set it to: ${field.type.description ?? 'a valid value'}`}`;
}
