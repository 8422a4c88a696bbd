import type { Socket } from 'node:net';
import { STATUS_CODES } from 'node:http';
import { newId } from '../../core/new-id.js';
import { apiError, type EdgeErrorCode } from './api-errors.js';
import type { ErrorEnvelope } from './error-envelope.js';

/** What Node says of a request that it cannot read. */
const CODES: Readonly<Record<string, EdgeErrorCode>> = { ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout', HPE_HEADER_OVERFLOW: 'headers_too_large' };

/** Answers what never became a request, in the envelope of every other error, and ends the connection. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const { status, type, code, meaning: message } = apiError(CODES[error.code ?? ''] ?? 'malformed_request');
  const envelope: ErrorEnvelope = { error: { message, type, param: null, code } };
  const body = JSON.stringify(envelope);
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, 'content-type: application/json; charset=utf-8', `content-length: ${Buffer.byteLength(body)}`, `x-request-id: ${newId('req')}`, 'connection: close'];
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroy(error);
}
