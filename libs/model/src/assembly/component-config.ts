import { DomainError } from '@gpt4video/ports/errors';
import type { z } from 'zod';

/** The text of a configuration file, and what messages call it. */
export interface ConfigFile {
  readonly name: string;
  readonly text: string;
}

/** Reads a JSON configuration. Throws `artifact_corrupt` naming file, field, expected and found. */
export function readComponentConfig<Config>({ name, text }: ConfigFile, schema: z.ZodType<Config>): Config {
  const value = parse(name, text);
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path ?? [];
  const expected = (issue?.message ?? 'another value').replace(/^Invalid \w+: (expected )?/, '').replace(/, received .*$/, '');
  const found = path.reduce<unknown>((node, key) => (node as Record<PropertyKey, unknown> | undefined)?.[key], value);
  throw new DomainError('artifact_corrupt', `${name}, field ${path.join('.') || '(all)'}: expected ${expected}, found ${JSON.stringify(found) ?? 'nothing'}. Choose a model that this project can run.`);
}

function parse(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DomainError('artifact_corrupt', `${name}: expected JSON, found something else. Fetch the file again.`, { cause });
  }
}
