import { z } from 'zod';

/** A JSON Schema (2020-12). */
export type JsonSchema = Readonly<Record<string, unknown>>;

type Direction = 'input' | 'output';

const COMPONENTS = '#/components/schemas/';
const PARTS = { $schema: true, $id: true, id: true } as const;

/** Turns Zod schemas into JSON Schema; those with an `id` in their meta become components and are referred to by name. */
export class NamedSchemas {
  private readonly used = new Map<string, JsonSchema>();

  /** The components that were referred to so far. */
  get components(): Readonly<Record<string, JsonSchema>> {
    return Object.fromEntries([...this.used].toSorted(([a], [b]) => a.localeCompare(b)));
  }

  /** The schema of what clients send (`input`) or receive (`output`). */
  of(schema: z.ZodType, io: Direction): JsonSchema {
    const id = schema.meta()?.id;
    const whole = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Record<string, unknown>;
    const definitions = (whole['$defs'] ?? {}) as Record<string, JsonSchema>;
    for (const [name, definition] of Object.entries(definitions)) this.keep(name, definition);
    if (id === undefined) return clean(whole);
    if (definitions[id] === undefined) this.keep(id, whole);
    return { $ref: `${COMPONENTS}${id}` };
  }

  private keep(name: string, schema: JsonSchema): void {
    const cleaned = clean(schema);
    const known = this.used.get(name);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(cleaned)) throw new Error(`the schema "${name}" is defined twice in different ways; give them two names`);
    this.used.set(name, cleaned);
  }
}

/** The schema without document parts, its references pointing to the components. A property that is called `id` is an object, not text. */
function clean(schema: JsonSchema): JsonSchema {
  const entries = Object.entries(schema).filter(([key, value]) => key !== '$defs' && !(key in PARTS && typeof value === 'string'));
  return Object.fromEntries(entries.map(([key, value]) => [key, key === '$ref' && typeof value === 'string' ? value.replace('#/$defs/', COMPONENTS) : cleanValue(value)]));
}

function cleanValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cleanValue);
  return typeof value === 'object' && value !== null ? clean(value as JsonSchema) : value;
}
