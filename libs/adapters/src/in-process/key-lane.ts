/** Runs tasks in order per key, and at most `slots` of the work they ask for at once. */
export class KeyLane {
  private readonly tails = new Map<string, Promise<void>>();
  private readonly waiting: (() => void)[] = [];

  constructor(private slots: number) {}

  /** Runs `task` after the tasks of the same key that came before. */
  inOrder<T>(key: string, task: () => Promise<T>): Promise<T> {
    const done = (this.tails.get(key) ?? Promise.resolve()).then(task);
    const tail = done.then(ignore, ignore).then(() => {
      if (this.tails.get(key) === tail) this.tails.delete(key);
    });
    this.tails.set(key, tail);
    return done;
  }

  /** Runs `work` in a slot, waiting first come first served. */
  async inSlot<T>(work: () => Promise<T>): Promise<T> {
    if (this.slots > 0) this.slots -= 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.slots += 1;
      else next();
    }
  }
}

const ignore = (): void => undefined;
