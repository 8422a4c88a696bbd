import { Metadata, type ServiceError, status, type StatusObject } from '@grpc/grpc-js';
import { DomainError, type ErrorCode } from '@gpt4video/ports/errors';
import { ERROR_CODES } from './error-codes.js';
import { fromServiceError, toGrpcStatus } from './grpc-error.js';

const codes = Object.keys(ERROR_CODES) as ErrorCode[];

/** What a client holds after the wire: percent-encoding as grpc-js does it. */
function received({ code, details, metadata }: StatusObject): ServiceError {
  return Object.assign(new Error(details), { code, details: decodeURI(encodeURI(details)), metadata });
}

describe('a DomainError over gRPC', () => {
  it.each(codes)('keeps code %s, message, param, category and pause', (code) => {
    const sent = new DomainError(code, 'Größe 100% «zu groß» — 映像 #1', { param: 'messages[0].inhalt„x“', category: 'violence/graphic', retryAfterMs: 1_500.2, cause: new Error('/secret') });
    const got = fromServiceError(received(toGrpcStatus(sent)));
    expect(got).toMatchObject({ code, message: sent.message, param: sent.param, category: sent.category, retryAfterMs: 1_501 });
  });

  it('sends no cause', () => {
    const { details, metadata } = toGrpcStatus(new DomainError('internal', 'Something went wrong.', { cause: new Error('/secret') }));
    expect(JSON.stringify([details, metadata.toJSON()])).not.toContain('secret');
  });

  it('survives broken Unicode and endless messages', () => {
    const { details } = toGrpcStatus(new DomainError('invalid_request', `\ud800${'x'.repeat(10_000)}`, { param: '\udfff' }));
    expect(() => encodeURI(details)).not.toThrow();
    expect(details).toHaveLength(2_000);
  });

  it('leaves absent what was absent', () => {
    const got = fromServiceError(received(toGrpcStatus(new DomainError('not_found', 'No file.'))));
    expect([got.param, got.category, got.retryAfterMs]).toEqual([undefined, undefined, undefined]);
  });
});

describe('a status that is not ours', () => {
  it('keeps its meaning and hides its text', () => {
    const got = fromServiceError(received({ code: status.UNAVAILABLE, details: 'connect ECONNREFUSED 10.0.0.7:50051', metadata: new Metadata() }));
    expect(got.code).toBe('unavailable');
    expect(got.message).not.toContain('10.0.0.7');
    expect((got.cause as ServiceError).details).toContain('10.0.0.7');
  });

  it('does not trust a code that the table lacks', () => {
    const metadata = new Metadata();
    metadata.set('gpt4video-code', 'from_the_future');
    expect(fromServiceError(received({ code: status.NOT_FOUND, details: 'x', metadata })).code).toBe('not_found');
  });
});
