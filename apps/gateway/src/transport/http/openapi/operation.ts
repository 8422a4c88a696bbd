import { Reflector } from '@nestjs/core';
import type { ErrorCode } from '@gpt4video/ports/errors';
import type { z } from 'zod';

/** One answer of a route: JSON of a schema, or bytes of one of several media types. */
export type AnswerInfo =
  | { readonly kind: 'json'; readonly description: string; readonly schema: z.ZodType }
  | { readonly kind: 'bytes'; readonly description: string; readonly mediaTypes: readonly string[] }
  /** Server-sent events; `event` is the schema of each event's data. */
  | { readonly kind: 'events'; readonly description: string; readonly event: z.ZodType }
  | { readonly kind: 'empty'; readonly description: string };

/** What `GET /openapi.json` tells of a route beside its method and path. */
export interface OperationInfo {
  /** `operationId`, unique. */
  readonly id: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly json?: z.ZodType;
  readonly form?: z.ZodType;
  /** By status; a status may have several media types. */
  readonly answers: Readonly<Record<number, AnswerInfo | readonly AnswerInfo[]>>;
  /** Codes beyond those that follow from the route's method and path. */
  readonly errors?: readonly ErrorCode[];
  /** True where no API key is asked for. */
  readonly open?: true;
  /** True where the admin key is asked for instead of a tenant's. */
  readonly operator?: true;
}

/** Describes a controller's method; `OpenApiDocument` reads it. */
export const Operation = Reflector.createDecorator<OperationInfo>();

/** A JSON answer. */
export function json(schema: z.ZodType, description: string): AnswerInfo {
  return { kind: 'json', schema, description };
}

/** An answer that is a stored object: whole, in part, not modified, or out of range. */
export function stored(...mediaTypes: readonly string[]): Readonly<Record<number, AnswerInfo>> {
  return {
    200: { kind: 'bytes', mediaTypes, description: 'The whole object, with ETag' },
    206: { kind: 'bytes', mediaTypes, description: 'The part that the Range header asked for' },
    304: { kind: 'empty', description: 'The client has it already (If-None-Match)' },
  };
}
