import { Bulkhead } from './bulkhead.js';

const never = () => new AbortController().signal;
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('Bulkhead', () => {
  /** Work that ends when it is told to. */
  function rig(concurrency: number, queue: number) {
    const bulkhead = new Bulkhead('the language model', { concurrency, queue, retryAfterMs: 2_000 });
    const started: string[] = [];
    const finish = new Map<string, () => void>();
    const begin = (name: string, signal = never()) =>
      bulkhead.run(() => {
        started.push(name);
        return new Promise<string>((resolve) => finish.set(name, () => resolve(name)));
      }, signal);
    return { bulkhead, started, finish, begin };
  }

  it('runs so many at once and the rest in order', async () => {
    const { started, finish, begin } = rig(2, 2);
    const all = Promise.all(['a', 'b', 'c', 'd'].map((name) => begin(name)));
    await turn();
    expect(started).toEqual(['a', 'b']);
    finish.get('b')?.();
    await turn();
    expect(started).toEqual(['a', 'b', 'c']);
    for (const name of ['a', 'c']) finish.get(name)?.();
    await turn();
    finish.get('d')?.();
    expect(await all).toEqual(['a', 'b', 'c', 'd']);
  });

  it('refuses whom the queue cannot hold and says when to come back', async () => {
    const { finish, begin } = rig(1, 1);
    const [first, second] = [begin('a'), begin('b')];
    await expect(begin('c')).rejects.toMatchObject({ code: 'overloaded', retryAfterMs: 2_000, message: expect.stringContaining('the language model') });
    finish.get('a')?.();
    await turn();
    finish.get('b')?.();
    expect(await Promise.all([first, second])).toEqual(['a', 'b']);
  });

  it('lets a waiting caller leave, and nobody takes its place in vain', async () => {
    const { bulkhead, started, finish, begin } = rig(1, 5);
    const aborter = new AbortController();
    const first = begin('a');
    const leaving = begin('b', aborter.signal);
    const last = begin('c');
    aborter.abort();
    await expect(leaving).rejects.toMatchObject({ code: 'cancelled' });
    expect(bulkhead.queued).toBe(1);
    finish.get('a')?.();
    await first;
    await turn();
    expect(started).toEqual(['a', 'c']);
    finish.get('c')?.();
    await last;
    await turn();
    expect(bulkhead.active).toBe(0);
  });

  it('frees the place of work that fails', async () => {
    const { bulkhead } = rig(1, 0);
    await expect(bulkhead.run(() => Promise.reject(new Error('broken')), never())).rejects.toThrow('broken');
    await expect(bulkhead.run(() => Promise.resolve(7), never())).resolves.toBe(7);
  });

  it('frees a place once, however often it is released', async () => {
    const { bulkhead } = rig(1, 0);
    const release = await bulkhead.enter(never());
    release();
    release();
    expect(bulkhead.active).toBe(0);
  });
});
