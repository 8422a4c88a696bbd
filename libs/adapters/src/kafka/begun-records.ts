import type { Kafka } from 'kafkajs';
import { within } from './deadline.js';

/** Which records of a partition are being handled, as it is written beside the committed offset: what a process that dies leaves behind. */
export interface BegunRecords {
  /** Names the process. */
  readonly process: string;
  /** Its name in the group. */
  readonly member: string;
  /** Offset → how many processes died of it, or beside it, before. */
  readonly begun: ReadonlyMap<bigint, number>;
}

/** Deaths by offset, for each place as `topic/partition`. */
export type Deaths = ReadonlyMap<string, ReadonlyMap<bigint, number>>;

const READ_MS = 10_000;
// A broker keeps 4,096 bytes by default.
const MOST = 100;

/** The text that is committed; empty when nothing has begun. */
export function toCommitText({ process, member, begun }: BegunRecords): string {
  if (begun.size === 0) return '';
  return JSON.stringify({ process, member, begun: Object.fromEntries([...begun].slice(0, MOST).map(([offset, deaths]) => [String(offset), deaths])) });
}

/** Reads what was written; undefined for what is not ours. */
export function fromCommitText(text: string | null | undefined): BegunRecords | undefined {
  if (text === null || text === undefined || text === '') return undefined;
  try {
    const { process, member, begun } = JSON.parse(text) as { readonly process?: unknown; readonly member?: unknown; readonly begun?: object };
    if (typeof process !== 'string' || typeof member !== 'string') return undefined;
    return { process, member, begun: new Map(Object.entries(begun ?? {}).map(([offset, deaths]) => [BigInt(offset), Number(deaths)])) };
  } catch {
    return undefined;
  }
}

/**
 * The records that were being handled by processes that are gone from the group: each such process counts as one death. Records of a
 * process that merely lost the partition to us do not count. Nothing is counted when the group cannot be asked.
 */
export async function deathsOf(kafka: Kafka, groupId: string, topics: readonly string[], process: string): Promise<Deaths> {
  const admin = kafka.admin();
  const read = async (): Promise<Deaths> => {
    await admin.connect();
    const places = (await admin.fetchOffsets({ groupId, topics: [...topics] })).flatMap(({ topic, partitions }) =>
      partitions.flatMap(({ partition, metadata }) => {
        const records = fromCommitText(metadata);
        return records === undefined || records.process === process || records.begun.size === 0 ? [] : [{ key: `${topic}/${partition}`, records }];
      }),
    );
    if (places.length === 0) return new Map();
    const { groups } = await admin.describeGroups([groupId]);
    const alive = new Set(groups.flatMap(({ members }) => members.map(({ memberId }) => memberId)));
    const ofTheDead = places.filter(({ records }) => !alive.has(records.member));
    return new Map(ofTheDead.map(({ key, records }) => [key, new Map([...records.begun].map(([offset, deaths]) => [offset, deaths + 1]))]));
  };
  try {
    return await within(READ_MS, read());
  } catch {
    return new Map();
  } finally {
    await within(READ_MS, admin.disconnect()).catch(() => undefined);
  }
}
