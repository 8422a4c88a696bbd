import type { ReceivedRecord } from '@gpt4video/contracts/cloudevents-kafka';

/** What is known of the attempts on a fact that was set aside or given up; it travels in the record's headers. */
export interface Attempts {
  /** Attempts so far. */
  readonly attempts: number;
  /** How often it was set aside. */
  readonly round: number;
  /** Not to be tried before; milliseconds since the epoch. */
  readonly dueMs: number;
  /** Stable code and message of the last failure. */
  readonly code: string;
  readonly reason: string;
  /** Where it was consumed first: topic, partition and offset, separated by slashes. */
  readonly origin: string;
  /** When this was written; milliseconds since the epoch. */
  readonly atMs: number;
}

const PREFIX = 'gpt4video-';
// A header is no place for a stack.
const MAX_REASON = 500;

/** The attempts that a record tells of; `undefined` for one that comes straight from its publisher. */
export function readAttempts(record: ReceivedRecord): Attempts | undefined {
  const text = (name: string): string => textOf(record.headers?.[PREFIX + name]);
  const number = (name: string): number => Number(text(name)) || 0;
  if (text('origin') === '') return undefined;
  return { attempts: number('attempts'), round: number('round'), dueMs: number('due'), code: text('code'), reason: text('reason'), origin: text('origin'), atMs: number('at') };
}

/** The record's own headers, trace included, with these attempts in place of earlier ones. */
export function withAttempts(record: ReceivedRecord, attempts: Attempts): Record<string, string | Buffer> {
  const { dueMs, atMs, reason, ...rest } = attempts;
  const written = Object.entries({ ...rest, due: dueMs, at: atMs, reason: reason.slice(0, MAX_REASON) }).map(([name, value]) => [PREFIX + name, String(value)]);
  return { ...ownHeaders(record), ...Object.fromEntries(written) };
}

// A header may come several times; the last one counts, as it does for the codec.
function ownHeaders({ headers = {} }: ReceivedRecord): Record<string, string | Buffer> {
  const entries = Object.entries(headers).map(([name, value]): [string, unknown] => [name, Array.isArray(value) ? value.at(-1) : value]);
  return Object.fromEntries(entries.filter((entry): entry is [string, string | Buffer] => typeof entry[1] === 'string' || Buffer.isBuffer(entry[1])));
}

function textOf(value: unknown): string {
  if (Buffer.isBuffer(value)) return value.toString('utf8');
  return typeof value === 'string' ? value : '';
}
