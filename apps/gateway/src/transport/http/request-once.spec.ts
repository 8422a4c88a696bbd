import type { FastifyRequest } from 'fastify';
import { type IdempotencyClaim, IdempotencyKeys } from '../../core/tenants/idempotency-keys.js';
import { RequestOnce } from './request-once.js';

/** Notes what is done with a claim. */
class NotedKeys extends IdempotencyKeys {
  override readonly lockMs = 60;
  readonly done: string[] = [];

  override claim(): Promise<IdempotencyClaim> {
    return Promise.resolve({ kind: 'fresh', once: 'once' });
  }

  override renew(): Promise<void> {
    return this.note('renew');
  }

  override settle(): Promise<void> {
    return this.note('settle');
  }

  override free(): Promise<void> {
    return this.note('free');
  }

  private note(what: string): Promise<void> {
    this.done.push(what);
    return Promise.resolve();
  }
}

const request = { method: 'POST', url: '/', headers: { 'idempotency-key': 'k' }, tenant: null, body: {} } as unknown as FastifyRequest;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('RequestOnce', () => {
  it.each([true, false])('holds the key for as long as the work takes, and no longer (it succeeds: %s)', async (succeeds) => {
    const keys = new NotedKeys();
    const running = new RequestOnce(keys).run(request, async () => {
      while (keys.done.length < 3) await pause(5);
      if (!succeeds) throw new Error('no');
      return {};
    });
    await (succeeds ? running : expect(running).rejects.toThrow('no'));
    expect(new Set(keys.done.slice(0, -1))).toEqual(new Set(['renew']));
    expect(keys.done.at(-1)).toBe(succeeds ? 'settle' : 'free');
    const before = keys.done.length;
    await pause(60);
    expect(keys.done).toHaveLength(before);
  });
});
