import { status } from '@grpc/grpc-js';
import { codeOfStatus, ERROR_CODES, isErrorCode } from './error-codes.js';

describe('ERROR_CODES', () => {
  it.each(Object.entries(ERROR_CODES))('%s is an error on every wire, and the wires agree who is at fault', (_code, mapping) => {
    expect(mapping.grpc).not.toBe(status.OK);
    expect(mapping.grpc).not.toBe(status.UNKNOWN);
    expect(mapping.http).toBeGreaterThanOrEqual(400);
    expect(mapping.type === 'server_error').toBe(mapping.http >= 500);
  });

  it('tells our codes from other words, also those that every object has', () => {
    expect(isErrorCode('overloaded')).toBe(true);
    expect(isErrorCode('toString')).toBe(false);
  });
});

describe('codeOfStatus', () => {
  it.each([
    [status.UNAVAILABLE, 'unavailable'],
    [status.UNIMPLEMENTED, 'unavailable'],
    [status.DEADLINE_EXCEEDED, 'deadline_exceeded'],
    [status.UNKNOWN, 'internal'],
  ] as const)('reads the bare status %s as %s', (bare, code) => {
    expect(codeOfStatus(bare)).toBe(code);
  });
});
