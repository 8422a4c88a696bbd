import type { Clock } from '@gpt4video/ports/clock';
import type { PartitionWork } from './partition-work.js';

/** Commits `offset` as the next to read of each place; throws when the group has moved on or the broker is away. */
export type CommitOffsets = (offsets: { topics: { topic: string; partitions: { partition: number; offset: string }[] }[] }) => Promise<void>;

const AGAIN_MS = 250;

/** Commits what is settled, one request at a time, each with all that settled meanwhile; only for partitions that are owned. */
export class OffsetCommits {
  private readonly committed = new WeakMap<PartitionWork, bigint>();
  private commit: CommitOffsets | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly owned: () => readonly PartitionWork[],
    private readonly clock: Clock,
    private readonly ended: AbortSignal,
  ) {}

  /** How to commit from now on; the library hands it out with each batch. */
  use(commit: CommitOffsets): void {
    this.commit = commit;
  }

  /** Commits soon. */
  request(): void {
    this.running ??= this.run();
  }

  /** Resolves when everything settled is committed, or cannot be. */
  async flush(): Promise<void> {
    this.request();
    await this.running;
  }

  private async run(): Promise<void> {
    await Promise.resolve();
    try {
      for (let due = this.due(); due.length > 0; due = this.due()) await this.commitOnce(due);
    } catch {
      // The session has ended; whoever gets the partitions reads from the last commit.
    }
    this.running = undefined;
  }

  private due(): readonly (readonly [PartitionWork, bigint])[] {
    return this.owned().flatMap((work) => {
      const offset = work.settledBelow;
      return offset === undefined || offset === this.committed.get(work) ? [] : [[work, offset] as const];
    });
  }

  private async commitOnce(due: readonly (readonly [PartitionWork, bigint])[]): Promise<void> {
    this.ended.throwIfAborted();
    const topics = [...Map.groupBy(due, ([work]) => work.place.topic)].map(([topic, entries]) => ({
      topic,
      partitions: entries.map(([work, offset]) => ({ partition: work.place.partition, offset: String(offset) })),
    }));
    try {
      await this.commit?.({ topics });
      for (const [work, offset] of due) this.committed.set(work, offset);
    } catch {
      // Refused while the group rebalances: what is still owned afterwards is due again.
      await this.clock.sleep(AGAIN_MS, this.ended);
    }
  }
}
