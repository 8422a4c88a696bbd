import { DomainError } from '@gpt4video/ports/errors';
import type { z } from 'zod';

/** Parses what a client sent. Throws `invalid_request` for the first fault, with the field as `messages[0].content` in `param`. */
export function parseRequest<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const unreadable = unreadableText(value, '');
  if (unreadable !== undefined) throw new DomainError('invalid_request', `"${unreadable}" holds a NUL or half a character, which no text has; remove it.`, unreadable === '' ? {} : { param: unreadable });
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const fault = deepest(parsed.error.issues, []);
  throw new DomainError('invalid_request', fault.message, fault.param === '' ? {} : { param: fault.param });
}

/** Where a text stands that Postgres and the models cannot take; undefined when there is none. */
function unreadableText(value: unknown, param: string): string | undefined {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed() ? param : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, part] of Object.entries(value)) {
    const at = Array.isArray(value) ? `${param}[${key}]` : param === '' ? key : `${param}.${key}`;
    const found = unreadableText(key, at.toWellFormed()) ?? unreadableText(part, at);
    if (found !== undefined) return found;
  }
  return undefined;
}

interface Fault {
  readonly param: string;
  readonly message: string;
  readonly depth: number;
}

type Issue = z.core.$ZodIssue;

/** Of the alternatives of a union, the fault that lies deepest is the one of the form that the client meant. */
function deepest(issues: readonly Issue[], base: readonly PropertyKey[]): Fault {
  const faults = issues.map((issue) => faultOf(issue, [...base, ...issue.path]));
  return faults.reduce((best, fault) => (fault.depth > best.depth ? fault : best));
}

function faultOf(issue: Issue, path: readonly PropertyKey[]): Fault {
  if (issue.code === 'invalid_union') {
    const branches = issue.errors.filter((errors) => errors.length > 0).map((errors) => deepest(errors, path));
    const best = branches.toSorted((a, b) => b.depth - a.depth)[0];
    if (best !== undefined && best.depth > path.length) return best;
  }
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    const param = paramOf([...path, key]);
    return { param, message: `Unknown field "${param}"; remove it, or check its spelling.`, depth: path.length + 1 };
  }
  const param = paramOf(path);
  return { param, message: param === '' ? `The body is not acceptable: ${issue.message}.` : `"${param}" is not acceptable: ${lowerFirst(issue.message)}.`, depth: path.length };
}

function paramOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((param, key) => (typeof key === 'number' ? `${param}[${key}]` : param === '' ? String(key) : `${param}.${String(key)}`), '');
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
