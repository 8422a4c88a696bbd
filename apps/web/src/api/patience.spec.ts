import { ApiError } from './api-error';
import { waitBeforeRetry } from './patience';

const refusal = (status: number, retryAfterMs?: number): ApiError => new ApiError(status, 'code', 'message', retryAfterMs);

describe('patience', () => {
  it('tries again when there was no answer, with growing waits, but not forever', () => {
    const waits = Array.from({ length: 30 }, (_, attempt) => waitBeforeRetry(new TypeError('lost'), attempt));
    expect(waits.slice(0, 6)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 8_000]);
    expect(waits.at(-1)).toBeUndefined();
  });

  it('waits while the first request with the key is in flight', () => {
    expect(waitBeforeRetry(refusal(409), 10)).toBe(700);
  });

  it('waits as long as a busy server asks for, within reason', () => {
    expect([waitBeforeRetry(refusal(503, 2_000), 0), waitBeforeRetry(refusal(429, 60_000), 0), waitBeforeRetry(refusal(503, 2_000), 3)]).toEqual([2_000, undefined, undefined]);
  });

  it('leaves what asking again cannot mend to the person', () => {
    expect([400, 401, 404, 413, 422, 500].map((status) => waitBeforeRetry(refusal(status), 0))).toEqual(Array(6).fill(undefined));
  });
});
