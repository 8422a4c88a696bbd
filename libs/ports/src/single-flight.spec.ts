import { SingleFlight } from './single-flight.js';

const never = new AbortController().signal;

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((done) => (resolve = done));
  return { promise, resolve };
}

describe('SingleFlight', () => {
  it('computes once for concurrent askers and again for a later one', async () => {
    const flight = new SingleFlight<number>();
    const gate = deferred<number>();
    let runs = 0;
    const work = async (): Promise<number> => ((runs += 1), await gate.promise);
    const both = Promise.all([flight.run('a', work, never), flight.run('a', work, never)]);
    gate.resolve(7);
    expect(await both).toEqual([7, 7]);
    expect(runs).toBe(1);
    await flight.run('a', work, never);
    expect(runs).toBe(2);
  });

  it('keeps different keys apart', async () => {
    const flight = new SingleFlight<string>();
    expect(await Promise.all(['a', 'b'].map((key) => flight.run(key, async () => await Promise.resolve(key), never)))).toEqual(['a', 'b']);
  });

  it('lets one asker leave while the other gets the result', async () => {
    const flight = new SingleFlight<number>();
    const gate = deferred<number>();
    const leaver = new AbortController();
    let inner: AbortSignal | undefined;
    const work = async (signal: AbortSignal): Promise<number> => ((inner = signal), await gate.promise);
    const left = flight.run('a', work, leaver.signal);
    const stayed = flight.run('a', work, never);
    leaver.abort();
    await expect(left).rejects.toMatchObject({ code: 'cancelled' });
    expect(inner?.aborted).toBe(false);
    gate.resolve(3);
    expect(await stayed).toBe(3);
  });

  it('aborts the work when the last asker leaves, and a newcomer starts afresh', async () => {
    const flight = new SingleFlight<number>();
    const leaver = new AbortController();
    let inner: AbortSignal | undefined;
    const left = flight.run('a', async (signal) => ((inner = signal), await new Promise<number>(() => undefined)), leaver.signal);
    leaver.abort();
    await expect(left).rejects.toMatchObject({ code: 'cancelled' });
    expect(inner?.aborted).toBe(true);
    expect(await flight.run('a', async () => await Promise.resolve(1), never)).toBe(1);
  });

  it('tells every asker of a failure and does not remember it', async () => {
    const flight = new SingleFlight<number>();
    const failing = async (): Promise<number> => await Promise.reject(new Error('no'));
    const results = await Promise.allSettled([flight.run('a', failing, never), flight.run('a', failing, never)]);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected']);
    expect(await flight.run('a', async () => await Promise.resolve(2), never)).toBe(2);
  });
});
