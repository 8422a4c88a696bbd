import { setTimeout as delay } from 'node:timers/promises';
import { answersOk, ServerProcess } from '../servers/server-process.js';
import type { Slot } from './environment.js';
import type { ServiceName } from './services.js';
import { Supervised } from './supervised.js';

/** How the replicas of a service are made. */
export interface ServicePlan {
  readonly name: ServiceName;
  /** One for each replica and one spare, which a rolling restart uses. */
  readonly slots: readonly Slot[];
  readonly root: string;
  readonly drainMs: number;
  environmentOf(slot: Slot): Record<string, string>;
  /** Takes the lines that replica `index` prints. */
  onLine(index: number, line: string): void;
  say(line: string): void;
  /** Replicas were added or are about to leave. */
  onChange(): void;
}

interface Replica {
  readonly slot: Slot;
  readonly process: ServerProcess;
  readonly supervised: Supervised;
}

const START_MS = 180_000;
// Longer than callers wait before they look again for a replica that they lost.
const FOUND_MS = 1_500;
const PHASES = 4;

/** A service of the cluster: replicas that are kept running, and one free slot to replace them from. */
export class Service {
  readonly name: ServiceName;
  private readonly live: Replica[] = [];
  private spare: Slot | undefined;

  constructor(private readonly plan: ServicePlan) {
    this.name = plan.name;
    this.spare = plan.slots.at(-1);
  }

  /** Where the replicas are that take work. */
  get slots(): readonly Slot[] {
    return this.live.map(({ slot }) => slot);
  }

  /** Process ids of the replicas. */
  get pids(): readonly number[] {
    return this.live.map(({ process }) => process.pid);
  }

  /** How often replicas that died were started again. */
  get restarts(): number {
    return this.live.reduce((sum, { supervised }) => sum + supervised.restarts, 0);
  }

  /** Starts every replica and resolves when all are ready. Rejects when one is not; the others are there, to be stopped. */
  async start(): Promise<void> {
    const opened = await Promise.allSettled(this.plan.slots.slice(0, -1).map((slot) => this.open(slot)));
    for (const one of opened) if (one.status === 'fulfilled') this.live.push(one.value);
    this.plan.onChange();
    for (const one of opened) if (one.status === 'rejected') throw one.reason;
  }

  /** Replaces every replica by a new one, which is ready before the old one drains. Rejects when one does not end with 0. */
  async rollingRestart(): Promise<void> {
    for (const index of this.live.keys()) {
      const old = this.live[index];
      if (old === undefined || this.spare === undefined) continue;
      const next = await this.open(this.spare);
      this.live[index] = next;
      this.spare = old.slot;
      this.plan.onChange();
      await delay(FOUND_MS);
      const code = await old.supervised.stop();
      if (code !== 0) throw new Error(`${old.process.name} (process ${old.process.pid}) ended with ${code ?? old.process.signal} instead of 0.`);
    }
  }

  /** Drains every replica and resolves with their exit codes. */
  async stop(): Promise<readonly (number | null)[]> {
    const leaving = this.live.splice(0);
    return Promise.all(leaving.map(({ supervised }) => supervised.stop()));
  }

  private async open(slot: Slot): Promise<Replica> {
    const { name, root, drainMs } = this.plan;
    const index = this.plan.slots.indexOf(slot);
    const process = new ServerProcess({
      name: this.plan.slots.length > 2 ? `${name}-${index}` : name,
      folder: root,
      program: globalThis.process.execPath,
      args: ['--enable-source-maps', `apps/${name}/dist/main.js`],
      env: this.plan.environmentOf(slot),
      isReady: () => answersOk(`http://127.0.0.1:${slot.healthPort}/health/ready`),
      onLine: (line) => this.plan.onLine(index, line),
      startMs: START_MS,
      stopMs: PHASES * drainMs,
    });
    const supervised = new Supervised(process, (line) => this.plan.say(line));
    await supervised.start();
    return { slot, process, supervised };
  }
}
