import type { EndState, Entry, Observed, StreamEvent } from './history.js';

/** A promise that a history breaks: which one, and what was seen. */
export interface Violation {
  readonly promise: PromiseName;
  readonly seen: string;
}

type PromiseName = keyof typeof PROMISES;
type Promised = (history: readonly Entry[], end: EndState) => readonly string[];

const TERMINAL = { generation: ['completed', 'failed', 'cancelled'], file: ['processed', 'error'] } as const;
/** Every state that a job does not leave. */
export const ALL_TERMINAL: readonly string[] = [...TERMINAL.generation, ...TERMINAL.file];

/** Every broken promise of a run; none when all were kept. */
export function brokenPromises(history: readonly Entry[], end: EndState): readonly Violation[] {
  return Object.entries(PROMISES).flatMap(([promise, check]) => check(history, end).map((seen) => ({ promise: promise as PromiseName, seen })));
}

/** The promises, each as a rule over the whole history. */
export const PROMISES = {
  'an accepted job is never lost': (history, end) => {
    const ended = new Map(end.jobs.map(({ id, state }) => [id, state]));
    return history.flatMap((entry) => {
      if (entry.kind === 'told' && !ended.has(entry.id)) return [`${entry.id} was told to ${entry.tenant}, and is not there`];
      if (entry.kind !== 'accepted') return [];
      const state = ended.get(entry.id);
      if (state === undefined) return [`${entry.id} was accepted, and is not there`];
      return ALL_TERMINAL.includes(state) ? [] : [`${entry.id} was accepted, and is still ${state}`];
    });
  },

  'an end is never left': (history, end) => {
    const reads = history.filter((entry) => entry.kind === 'observed');
    const last = end.jobs.map(({ id, state }): Observed => ({ kind: 'observed', id, state, sentMs: Infinity, receivedMs: Infinity }));
    return [...groupedBy([...reads, ...last], ({ id }) => id).values()].flatMap(leftEnds);
  },

  'a job ends once': (_history, end) => [
    ...end.jobs.filter(({ job, endings }) => job === 'generation' && endings !== 1).map(({ id, endings }) => `${id} ended ${endings} times`),
    ...[...groupedBy(end.facts.filter(({ outcome }) => outcome !== ''), ({ job }) => job)].flatMap(([job, facts]) => {
      const outcomes = new Set(facts.map(({ outcome }) => outcome));
      return outcomes.size > 1 ? [`${job} ended as ${[...outcomes].join(' and ')}`] : [];
    }),
  ],

  'a completed job has one artifact': (_history, end) =>
    end.jobs.flatMap(({ id, job, state, artifacts }) => {
      if (job !== 'generation') return [];
      const wanted = state === 'completed' ? 1 : 0;
      return artifacts.length === wanted ? [] : [`${id} is ${state} and has ${artifacts.length} films`];
    }),

  'every fact is told, and as one fact': (_history, end) => {
    const told = groupedBy(end.facts, ({ topic, job }) => `${topic} ${job}`);
    const missing = end.jobs.flatMap(({ id, job, state }) => factsOf(job, state).filter((topic) => !told.has(`${topic} ${id}`)).map((topic) => `no ${topic} of ${id}`));
    const queued = new Map(end.jobs.map((job) => [`generation.queued ${job.id}`, job.queued]));
    const twice = [...told].flatMap(([name, copies]) => {
      const facts = new Set(copies.map(({ id }) => id)).size;
      const happened = queued.get(name) ?? 1;
      return facts !== happened ? [`${name} happened ${happened} times and is told as ${facts} facts`] : [];
    });
    return [...missing, ...twice, ...(end.unpublished > 0 ? [`${end.unpublished} facts are still in the outbox`] : [])];
  },

  'an event stream counts up and replays the same': (history) => {
    const events = history.filter((entry) => entry.kind === 'stream-event');
    return [...groupedBy(events, ({ id }) => id).values()].flatMap((seen) => [...gaps(seen), ...disagreements(seen)]);
  },

  'nobody sees what is another\'s': (history) =>
    history.flatMap((entry) => (entry.kind === 'foreign' && entry.status !== 404 && entry.status < 500 && entry.status !== 429 ? [`${entry.tenant} got ${entry.status} for ${entry.path}`] : [])),
} satisfies Record<string, Promised>;

/** A later read that says otherwise than an earlier one which had seen the end. Reads that overlap in time prove nothing. */
function leftEnds(reads: readonly Observed[]): readonly string[] {
  return reads
    .filter(({ state }) => ALL_TERMINAL.includes(state))
    .flatMap((first) => reads.filter((later) => later.sentMs > first.receivedMs && later.state !== first.state).map((later) => `${first.id} was ${first.state}, then ${later.state}`));
}

function gaps(events: readonly StreamEvent[]): readonly string[] {
  return [...groupedBy(events, ({ stream }) => stream).values()].flatMap((stream) =>
    stream.flatMap(({ id, after, sequence }, index) => {
      const expected = (stream[index - 1]?.sequence ?? after) + 1;
      return sequence === expected ? [] : [`${id}: event ${sequence} where ${expected} was due`];
    }),
  );
}

function disagreements(events: readonly StreamEvent[]): readonly string[] {
  return [...groupedBy(events, ({ sequence }) => String(sequence)).values()].flatMap((copies) => {
    const told = new Set(copies.map(({ data }) => data));
    return told.size > 1 ? [`${copies[0]?.id ?? ''}: event ${copies[0]?.sequence ?? 0} is told in ${told.size} ways`] : [];
  });
}

function factsOf(job: 'generation' | 'file', state: string): readonly string[] {
  if (job === 'generation') return ['generation.queued', 'generation.finished'];
  return state === 'processed' ? ['video.uploaded', 'frames.extracted', 'features.encoded', 'video.understood', 'video.screened'] : ['video.uploaded'];
}

function groupedBy<Value>(values: readonly Value[], key: (value: Value) => string): ReadonlyMap<string, readonly Value[]> {
  return Map.groupBy(values, key);
}
