import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Manifest } from './manifests.js';

const definition = z.object({
  spec: z.object({
    group: z.string(),
    names: z.object({ kind: z.string() }),
    versions: z.array(z.object({ name: z.string(), served: z.boolean(), schema: z.object({ openAPIV3Schema: z.record(z.string(), z.unknown()) }) })),
  }),
});

/** The kinds that operators define, each with the server's own schema. Rules in CEL are not evaluated. */
export class CustomResources {
  private readonly ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true, code: { regExp: goRegExp } });
  private readonly known = new Map<string, ValidateFunction>();

  constructor(files: readonly string[]) {
    for (const file of files) {
      const { group, names, versions } = definition.parse(parse(readFileSync(file, 'utf8'))).spec;
      for (const { name, served, schema } of versions) if (served) this.known.set(`${group}/${name} ${names.kind}`, this.ajv.compile(strict(schema.openAPIV3Schema) as object));
    }
  }

  /** Kinds that are known, as `group/version kind`. */
  get kinds(): readonly string[] {
    return [...this.known.keys()];
  }

  /** What the server would refuse or drop. */
  readonly faultsOf = (manifest: Manifest): readonly string[] => {
    const validate = this.known.get(`${manifest.apiVersion} ${manifest.kind}`);
    if (validate === undefined) return [`${manifest.kind} of ${manifest.apiVersion} is no kind of these operators`];
    validate(manifest);
    return (validate.errors ?? []).map(({ instancePath, message, params }) => `${manifest.kind} ${manifest.metadata.name} ${instancePath} ${message} ${JSON.stringify(params)}`);
  };
}

/** Go writes inside the expression that case does not matter; here that is a flag. */
const goRegExp = Object.assign((pattern: string, flags: string) => new RegExp(pattern.replace('(?i)', ''), pattern.includes('(?i)') ? `${flags}i` : flags), { code: 'new RegExp' });

/** A server drops the fields that a structural schema does not name; here they are faults. */
function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== 'object' || schema === null) return schema;
  const node = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, key === 'default' || key === 'enum' ? value : strict(value)]));
  const open = node['x-kubernetes-preserve-unknown-fields'] === true || node['additionalProperties'] !== undefined;
  return node['type'] === 'object' && isRecord(node['properties']) && !open ? { ...node, additionalProperties: false } : node;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
