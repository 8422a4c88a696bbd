import type { ErrorCode } from '@gpt4video/ports/errors';
import { apiError, type EdgeErrorCode } from '../api-errors.js';
import type { OperationInfo } from './operation.js';

type Code = ErrorCode | EdgeErrorCode;

/** A route as Nest knows it. */
export interface Route {
  /** Lower-case. */
  readonly method: string;
  /** As `/v1/files/{id}`. */
  readonly path: string;
}

/** Descriptions of the error answers of a route, by status. */
export function errorAnswers(route: Route, info: OperationInfo): ReadonlyMap<number, string> {
  const byStatus = new Map<number, string[]>();
  for (const code of new Set([...impliedBy(route, info), ...(info.errors ?? [])])) {
    const error = apiError(code);
    byStatus.set(error.status, [...(byStatus.get(error.status) ?? []), `\`${error.code}\`: ${error.meaning}`]);
  }
  return new Map([...byStatus].map(([status, lines]) => [status, lines.join('\n\n')]));
}

function impliedBy({ method, path }: Route, { open, operator, json, form, answers }: OperationInfo): readonly Code[] {
  if (open === true) return [];
  const body: readonly Code[] = method === 'get' ? [] : ['request_too_large', 'unsupported_media_type'];
  const once: readonly Code[] = method === 'post' ? ['conflict', 'idempotency_mismatch'] : [];
  const named: readonly Code[] = path.includes('{') ? ['not_found'] : [];
  const ranged: readonly Code[] = 206 in answers ? ['range_not_satisfiable', 'artifact_missing'] : [];
  const video: readonly Code[] = json !== undefined || form !== undefined ? ['deadline_exceeded'] : [];
  const limited: readonly Code[] = operator === true ? [] : ['rate_limited'];
  return ['invalid_request', 'unauthenticated', ...limited, 'unavailable', 'internal', ...body, ...once, ...named, ...ranged, ...video];
}
