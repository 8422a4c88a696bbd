import type { Random } from '@gpt4video/model/random/random';
import { pause } from './client.js';

/** A process that can be hurt. What kills it also sees to its coming back. */
export interface Victim {
  readonly name: string;
  /** SIGKILL; resolves when it runs again, or at once where a supervisor restarts it. False when it was dead already. */
  kill(): Promise<boolean>;
  /** SIGSTOP, and SIGCONT. */
  freeze(): Promise<boolean>;
  thaw(): void;
}

/** The way from the services to one server. */
export interface Link {
  readonly name: string;
  /** No byte passes, and nobody is told. */
  cut(): Promise<void>;
  /** Every byte comes this many milliseconds late. */
  slow(ms: number): Promise<void>;
  /** Connections are reset. */
  reset(): Promise<void>;
  mend(): Promise<void>;
}

/** One fault that was done. */
export interface Fault {
  readonly atMs: number;
  readonly what: 'kill' | 'freeze' | 'cut' | 'slow' | 'reset';
  readonly whom: string;
}

/** What can be hurt, and for how long. */
export interface FaultPlan {
  readonly victims: readonly Victim[];
  readonly links: readonly Link[];
  readonly random: Random;
  readonly stopped: AbortSignal;
  /** Milliseconds between the end of one fault and the next, at most. */
  readonly calmMs: number;
}

/** How much longer a freeze lasts than a fault of the network: some outlast a lease. */
const FREEZE = 2;

/** Hurts one thing after another, drawn from the seed, until stopped; everything is whole again when it resolves. */
export async function doFaults(plan: FaultPlan, done: Fault[]): Promise<void> {
  const began = performance.now();
  while (!plan.stopped.aborted) {
    await pause(plan.calmMs * (0.3 + 0.7 * plan.random.float()));
    if (plan.stopped.aborted) return;
    const note = (what: Fault['what'], whom: string): unknown => done.push({ atMs: Math.round(performance.now() - began), what, whom });
    await hurt(plan, note);
  }
}

async function hurt({ victims, links, random }: FaultPlan, note: (what: Fault['what'], whom: string) => unknown): Promise<void> {
  const lastsMs = 500 + random.float() * 2_500;
  const chance = random.float();
  const victim = victims[random.uint32() % victims.length];
  const link = links[random.uint32() % links.length];
  if (victim !== undefined && chance < 0.45) {
    if (await victim.kill()) note('kill', victim.name);
  } else if (victim !== undefined && chance < 0.6) {
    if (await victim.freeze()) note('freeze', victim.name);
    await pause(FREEZE * lastsMs);
    victim.thaw();
  } else if (link !== undefined) {
    const what = chance < 0.75 ? 'cut' : chance < 0.88 ? 'slow' : 'reset';
    note(what, link.name);
    await (what === 'slow' ? link.slow(100 + random.float() * 600) : link[what]());
    await pause(lastsMs);
    await link.mend();
  }
}
