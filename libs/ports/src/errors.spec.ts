import { runInNewContext } from 'node:vm';
import { DomainError, toDomainError } from './errors.js';

describe('toDomainError', () => {
  it('keeps a DomainError as it is', () => {
    const error = new DomainError('not_found', 'No file "f_1"; upload it first.');
    expect(toDomainError(error)).toBe(error);
  });

  it.each([
    ['AbortError', 'cancelled'],
    ['TimeoutError', 'deadline_exceeded'],
  ])('maps %s to %s', (name, code) => {
    const thrown = Object.assign(new Error('secret'), { name });
    expect(toDomainError(thrown).code).toBe(code);
  });

  it('knows an abort of another realm', () => {
    const { AbortError } = runInNewContext('({ AbortError: Object.assign(new Error("stop"), { name: "AbortError" }) })') as { AbortError: unknown };
    expect(toDomainError(AbortError).code).toBe('cancelled');
  });

  it('never passes the message of an unknown error on', () => {
    const error = toDomainError(new Error('/var/secret/path'));
    expect(error.code).toBe('internal');
    expect(error.message).not.toContain('secret');
    expect((error.cause as Error).message).toContain('secret');
  });
});
