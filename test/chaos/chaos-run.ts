import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createRandom } from '@gpt4video/model/random/random';
import { Client, pause } from './client.js';
import { readEndState } from './end-state.js';
import { doFaults, type Fault } from './faults.js';
import { type EndState, type Entry, History } from './history.js';
import { type HurtCluster, KEYS } from './hurt-cluster.js';
import { observe, Person } from './person.js';
import { ALL_TERMINAL } from './promises.js';

/** What is drawn, and how long people come. */
export interface ChaosPlan {
  readonly seed: number;
  readonly loadMs: number;
  /** Milliseconds between the end of one fault and the next, at most. */
  readonly calmMs: number;
}

/** What happened. */
export interface ChaosRun {
  readonly faults: readonly Fault[];
  readonly history: readonly Entry[];
  readonly end: EndState;
  /** Milliseconds from the last fault until every accepted job had ended. */
  readonly settledMs: number;
}

const PEOPLE = [KEYS.one, KEYS.two, KEYS.one, KEYS.two];
/** Jobs that a run has at least, and how much longer it goes on for them. */
const LEAST = 8;
const PATIENCE_MS = 60_000;
const LOOK_MS = 500;
const SETTLE_MS = 180_000;
const PUBLISH_MS = 30_000;

/** Lets people use the cluster while it is hurt, waits until it has settled, and looks at what is there. */
export async function runChaos(hurt: HurtCluster, { seed, loadMs, calmMs }: ChaosPlan): Promise<ChaosRun> {
  const history = new History();
  const faults: Fault[] = [];
  const stopped = new AbortController();
  const random = createRandom(seed);
  const clip = await readFile(resolve(import.meta.dirname, '../../models/cartoon/samples/red-star.mp4'));
  const clients = PEOPLE.map((key, index) => new Client(`${key === KEYS.one ? 'one' : 'two'}-${index}`, hurt.cluster.url, key, stopped.signal));
  const people = clients.map((client) => new Person({ client, history, random: createRandom(random.uint32()), clip, stopped: stopped.signal }));
  const living = people.map((person) => person.live());
  const hurting = doFaults({ victims: hurt.victims, links: hurt.links, random: createRandom(random.uint32()), stopped: stopped.signal, calmMs }, faults);
  await pause(loadMs);
  // A busy machine takes longer to do enough for a run that says something.
  for (let waitedMs = 0; waitedMs < PATIENCE_MS && accepted(history) < LEAST; waitedMs += LOOK_MS) await pause(LOOK_MS);
  stopped.abort();
  await Promise.all([...living, hurting]);
  const settledMs = await settle(hurt, history);
  return { faults, history: history.entries, end: await endState(hurt), settledMs };
}

function accepted({ entries }: History): number {
  return entries.filter(({ kind }) => kind === 'accepted').length;
}

/** Watches every accepted job to its end, as its owner does. Those that have none when patience ends are left. */
async function settle({ cluster }: HurtCluster, history: History): Promise<number> {
  const began = performance.now();
  const never = new AbortController().signal;
  const open = new Map(history.entries.flatMap((entry) => (entry.kind === 'accepted' ? [[entry.id, new Client(entry.tenant, cluster.url, entry.tenant.startsWith('one') ? KEYS.one : KEYS.two, never)] as const] : [])));
  while (open.size > 0 && performance.now() - began < SETTLE_MS) {
    for (const [id, client] of open) {
      const state = await observe(client, id, history);
      if (state !== undefined && ALL_TERMINAL.includes(state)) open.delete(id);
    }
    await pause(500);
  }
  return performance.now() - began;
}

/** What is there once the facts of the last jobs are told: they travel after the rows. */
async function endState({ sources }: HurtCluster): Promise<EndState> {
  const until = performance.now() + PUBLISH_MS;
  for (;;) {
    const end = await readEndState(sources);
    if (end.unpublished === 0 || performance.now() > until) return end;
    await pause(1_000);
  }
}
