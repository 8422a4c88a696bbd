import type { Clock } from '@gpt4video/ports/clock';
import type { PartitionWork } from './partition-work.js';

/** Commits `offset` as the next to read of each place, with a text beside it; throws when the group has moved on or the broker is away. */
export type CommitOffsets = (offsets: { topics: { topic: string; partitions: { partition: number; offset: string; metadata: string }[] }[] }) => Promise<void>;

interface Commit {
  readonly work: PartitionWork;
  readonly offset: bigint;
  readonly text: string;
}

const AGAIN_MS = 250;

/** Commits what is settled and what is being handled, one request at a time, each with all that changed meanwhile; only for partitions that are owned. */
export class OffsetCommits {
  private readonly committed = new WeakMap<PartitionWork, Commit>();
  private commit: CommitOffsets | undefined;
  private running: Promise<void> | undefined;
  private waiting: (() => void)[] = [];

  constructor(
    private readonly owned: () => readonly PartitionWork[],
    private readonly textOf: (work: PartitionWork) => string,
    private readonly clock: Clock,
    private readonly ended: AbortSignal,
  ) {
    // A commit to a broker that is gone may never settle.
    ended.addEventListener('abort', () => this.tell(this.waiting.length), { once: true });
  }

  /** How to commit from now on; the library hands it out with each batch. */
  use(commit: CommitOffsets): void {
    this.commit = commit;
  }

  /** Commits soon. */
  request(): void {
    this.running ??= this.run();
  }

  /** Resolves when what is being handled now is committed, or cannot be. */
  written(): Promise<void> {
    return new Promise((resolve) => {
      if (this.ended.aborted) return resolve();
      this.waiting.push(resolve);
      this.request();
    });
  }

  /** Resolves when everything settled is committed, or cannot be. */
  async flush(): Promise<void> {
    this.request();
    await this.running;
  }

  private async run(): Promise<void> {
    await Promise.resolve();
    try {
      for (let due = this.due(); due.length > 0; due = this.due()) {
        const waiters = this.waiting.length;
        if (await this.commitOnce(due)) this.tell(waiters);
      }
    } catch {
      // The session has ended; whoever gets the partitions reads from the last commit.
    }
    this.running = undefined;
    this.tell(this.waiting.length);
  }

  private tell(waiters: number): void {
    for (const resolve of this.waiting.splice(0, waiters)) resolve();
  }

  private due(): readonly Commit[] {
    return this.owned().flatMap((work) => {
      const offset = work.settledBelow;
      if (offset === undefined || !work.mayCommit) return [];
      const [text, last] = [this.textOf(work), this.committed.get(work)];
      return last?.offset === offset && last.text === text ? [] : [{ work, offset, text }];
    });
  }

  private async commitOnce(due: readonly Commit[]): Promise<boolean> {
    this.ended.throwIfAborted();
    const topics = [...Map.groupBy(due, ({ work }) => work.place.topic)].map(([topic, commits]) => ({
      topic,
      partitions: commits.map(({ work, offset, text }) => ({ partition: work.place.partition, offset: String(offset), metadata: text })),
    }));
    try {
      await this.commit?.({ topics });
      for (const commit of due) this.committed.set(commit.work, commit);
      return true;
    } catch {
      // Refused while the group rebalances: what is still owned afterwards is due again.
      await this.clock.sleep(AGAIN_MS, this.ended);
      return false;
    }
  }
}
