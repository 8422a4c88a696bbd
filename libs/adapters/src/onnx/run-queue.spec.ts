import { RunQueue } from './run-queue.js';

describe(RunQueue.name, () => {
  it('lets one in at a time, in order', async () => {
    const queue = new RunQueue(2);
    const order: number[] = [];
    const leaveFirst = await queue.enter();
    const rest = [1, 2].map(async (index) => {
      const leave = await queue.enter();
      order.push(index);
      await Promise.resolve();
      leave();
    });
    expect(order).toEqual([]);
    leaveFirst();
    await Promise.all(rest);
    expect(order).toEqual([1, 2]);
    (await queue.enter())();
  });

  it('answers "overloaded", with a time to try again, when the waiting room is full', async () => {
    const queue = new RunQueue(1);
    await queue.enter();
    void queue.enter();
    await expect(queue.enter()).rejects.toMatchObject({ code: 'overloaded', retryAfterMs: expect.any(Number) });
  });

  it('gives the place of a cancelled waiter to the next', async () => {
    const queue = new RunQueue(1);
    const leave = await queue.enter();
    const controller = new AbortController();
    const cancelled = queue.enter(controller.signal);
    controller.abort();
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    const next = queue.enter();
    leave();
    (await next)();
    await expect(queue.enter(controller.signal)).rejects.toMatchObject({ code: 'cancelled' });
  });
});
