import type { Consumer, ConsumerGroupJoinEvent, EachBatchPayload, Kafka } from 'kafkajs';
import type { Clock } from '@gpt4video/ports/clock';
import { DomainError } from '@gpt4video/ports/errors';
import { type Deaths, deathsOf, toCommitText } from './begun-records.js';
import { within } from './deadline.js';
import type { Delivery } from './delivery.js';
import { OffsetCommits } from './offset-commits.js';
import { PartitionWork, type Place } from './partition-work.js';

/** How a consumer keeps its place in the group. Times in milliseconds. */
export interface GroupTimes {
  /** Silence after which the group goes on without this consumer. */
  readonly sessionMs: number;
  readonly heartbeatMs: number;
  /** Longest wait of a fetch for the first record. */
  readonly fetchWaitMs: number;
}

/** What one consumer of a group reads: a delivery and the most records in hand of each partition, by full topic name. */
export type Sources = ReadonlyMap<string, { readonly delivery: Delivery; readonly most: number }>;

/** What a session needs. */
export interface SessionParts {
  readonly kafka: Kafka;
  /** Names this process, over all its sessions. */
  readonly process: string;
  /** Full name of the group. */
  readonly groupId: string;
  readonly sources: Sources;
  readonly times: GroupTimes;
  readonly clock: Clock;
  onJoined(): void;
  /** Facts of the topic, under its full name, that are not settled. */
  onLag(topic: string, facts: number): void;
}

const DISCONNECT_MS = 5_000;
const WATCH_MS = 500;

/**
 * One life of a consumer in its group, from joining to the first crash. Fetching never waits for handlers: records are taken
 * into bounded hands, a full partition is paused, and heartbeats go on however long the work takes.
 */
export class GroupSession {
  private readonly works = new Map<string, PartitionWork>();
  private readonly ending = new AbortController();
  private readonly crashed = Promise.withResolvers<Error>();
  private readonly consumer: Consumer;
  private readonly commits: OffsetCommits;
  private memberId: string | undefined;
  private aliveAtMs: number;

  constructor(private readonly parts: SessionParts) {
    const { sessionMs, heartbeatMs, fetchWaitMs } = parts.times;
    this.aliveAtMs = parts.clock.now();
    this.commits = new OffsetCommits(() => [...this.works.values()], ({ begun }) => toCommitText({ process: parts.process, member: this.memberId ?? '', begun }), parts.clock, this.ending.signal);
    this.consumer = parts.kafka.consumer({
      groupId: parts.groupId,
      sessionTimeout: sessionMs,
      rebalanceTimeout: sessionMs,
      heartbeatInterval: heartbeatMs,
      maxWaitTimeInMs: fetchWaitMs,
      maxBytesPerPartition: 256 * 1024,
      allowAutoTopicCreation: false,
      metadataMaxAge: 60_000,
      // A crash ends the session, and the next one starts afresh: the library's own restart gives up on some faults for good.
      retry: { retries: 4, initialRetryTime: 100, maxRetryTime: 1_000, restartOnFailure: () => Promise.resolve(false) },
    });
  }

  /** Whether it is in the group and fetches. */
  get flows(): boolean {
    return this.memberId !== undefined && this.silentMs < this.parts.times.sessionMs;
  }

  /** Joins and delivers; resolves, with the reason, when the session has crashed, stalled or was left. */
  async run(): Promise<Error> {
    this.open().catch((fault: unknown) => this.crashed.resolve(fault instanceof Error ? fault : new Error(String(fault))));
    void this.watchForStall();
    const reason = await this.crashed.promise;
    this.ending.abort();
    for (const work of this.works.values()) work.lose();
    await this.disconnect();
    return reason;
  }

  /** Takes no more, lets what is in hand finish within `graceMs`, commits, and leaves the group. */
  async leave(graceMs: number): Promise<void> {
    const works = [...this.works.values()];
    for (const { place } of works) this.pause(place);
    const grace = this.parts.clock.sleep(graceMs, this.ending.signal).catch(() => undefined);
    await Promise.all(works.map((work) => work.leave(grace)));
    await within(DISCONNECT_MS, this.commits.flush()).catch(() => undefined);
    this.crashed.resolve(new DomainError('cancelled', 'The consumer left its group.'));
  }

  private get silentMs(): number {
    return this.parts.clock.now() - this.aliveAtMs;
  }

  private async open(): Promise<void> {
    const { consumer } = this;
    consumer.on(consumer.events.FETCH, () => void (this.aliveAtMs = this.parts.clock.now()));
    consumer.on(consumer.events.GROUP_JOIN, (event) => this.assign(event));
    consumer.on(consumer.events.CRASH, ({ payload }) => this.crashed.resolve(payload.error));
    await consumer.connect();
    await consumer.subscribe({ topics: [...this.parts.sources.keys()], fromBeginning: true });
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: (payload) => this.take(payload) });
    if (this.ending.signal.aborted) await this.disconnect();
  }

  private assign({ payload: { memberId, memberAssignment } }: ConsumerGroupJoinEvent): void {
    const places = Object.entries(memberAssignment).flatMap(([topic, partitions]) => partitions.map((partition) => ({ topic, partition })));
    const kept = new Set(memberId === this.memberId ? places.map(keyOf) : []);
    for (const [key, work] of this.works) {
      // What is kept goes on: the library fetches again from the last commit, and the ledger knows what was taken.
      if (!kept.has(key)) this.drop(key, work);
    }
    this.memberId = memberId;
    const fresh = places.filter((place) => !this.works.has(keyOf(place)));
    const { kafka, groupId, process } = this.parts;
    const deaths = fresh.length === 0 ? Promise.resolve<Deaths>(new Map()) : deathsOf(kafka, groupId, [...new Set(fresh.map(({ topic }) => topic))], process);
    for (const place of fresh) this.adopt(place, deaths);
    this.aliveAtMs = this.parts.clock.now();
    this.parts.onJoined();
    this.commits.request();
  }

  private drop(key: string, work: PartitionWork): void {
    work.lose();
    this.works.delete(key);
    this.resume(work.place);
    this.reportLag(work.place.topic);
  }

  private adopt(place: Place, left: Promise<Deaths>): void {
    const source = this.parts.sources.get(place.topic);
    if (source === undefined) return;
    const deaths = left.then((all) => all.get(keyOf(place)) ?? new Map<bigint, number>());
    const onBegun = (): Promise<void> => this.commits.written();
    const onSettled = (): void => {
      this.commits.request();
      this.reportLag(place.topic);
    };
    this.works.set(keyOf(place), new PartitionWork(place, source.delivery, source.most, { deaths, onBegun, onSettled, onFull: (full) => (full ? this.pause(place) : this.resume(place)) }));
  }

  private take({ batch, resolveOffset, commitOffsetsIfNecessary }: EachBatchPayload): Promise<void> {
    this.commits.use(commitOffsetsIfNecessary);
    const work = this.works.get(keyOf(batch));
    if (work === undefined) return Promise.resolve();
    const last = work.take(batch.messages, BigInt(batch.highWatermark));
    // Nothing is taken any more: without a pause the library would fetch the same records in a tight loop.
    if (last === undefined) this.pause(work.place);
    else resolveOffset(String(last));
    this.reportLag(batch.topic);
    return Promise.resolve();
  }

  private pause({ topic, partition }: Place): void {
    if (!this.ending.signal.aborted) this.consumer.pause([{ topic, partitions: [partition] }]);
  }

  private resume({ topic, partition }: Place): void {
    if (!this.ending.signal.aborted) this.consumer.resume([{ topic, partitions: [partition] }]);
  }

  private reportLag(topic: string): void {
    const works = [...this.works.values()].filter(({ place }) => place.topic === topic);
    this.parts.onLag(topic, works.reduce((sum, { lag }) => sum + lag, 0));
  }

  // The library has been seen to stop fetching without a word.
  private async watchForStall(): Promise<void> {
    const { clock, times } = this.parts;
    while (!this.ending.signal.aborted) {
      await clock.sleep(WATCH_MS, this.ending.signal).catch(() => undefined);
      if (this.silentMs > times.sessionMs * 3) this.crashed.resolve(new DomainError('unavailable', `The consumer has fetched nothing for ${this.silentMs} ms.`));
    }
  }

  private async disconnect(): Promise<void> {
    await within(DISCONNECT_MS, this.consumer.disconnect()).catch(() => undefined);
  }
}

function keyOf({ topic, partition }: Place): string {
  return `${topic}/${partition}`;
}
