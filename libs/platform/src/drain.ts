import type { Logger } from './logging.js';

/** When a part stops: first what calls the process ready, then what lets work in, what takes work by itself, what serves work in hand, and last what tells of it. */
export type DrainPhase = 'readiness' | 'admission' | 'work' | 'serving' | 'reporting';

/** Stops one part; must settle within `graceMs`. */
export type DrainStep = (graceMs: number) => Promise<void>;

/** How long a process takes to stop, in milliseconds. */
export interface DrainTimes {
  /** Between "not ready" and the end of new connections, so that load balancers notice before anybody is refused. */
  readonly lameDuckMs: number;
  /** What each phase may take. */
  readonly graceMs: number;
}

/** The phases that may each take the grace that the drain was given, in their order; `readiness` comes before them. */
export const DRAIN_PHASES: readonly DrainPhase[] = ['admission', 'work', 'serving', 'reporting'];

/** The order in which a process stops, so that accepted work is finished or handed back. */
export class Drain {
  private readonly steps: { readonly phase: DrainPhase; readonly name: string; readonly step: DrainStep }[] = [];
  private running: Promise<void> | undefined;

  constructor(
    private readonly logger: Logger,
    private readonly times: DrainTimes,
  ) {}

  /** Adds a part; parts of one phase stop together. */
  add(phase: DrainPhase, name: string, step: DrainStep): void {
    this.steps.push({ phase, name, step });
  }

  /** Runs every phase once; further calls wait for the same end. A part that fails is logged and does not stop the rest. */
  run(): Promise<void> {
    this.running ??= this.runPhases();
    return this.running;
  }

  private async runPhases(): Promise<void> {
    for (const phase of ['readiness', ...DRAIN_PHASES]) {
      const due = this.steps.filter((part) => part.phase === phase);
      await Promise.all(due.map((part) => this.runStep(part.name, part.step)));
      if (phase === 'readiness') await new Promise((resolve) => setTimeout(resolve, this.times.lameDuckMs));
    }
  }

  private async runStep(name: string, step: DrainStep): Promise<void> {
    try {
      await step(this.times.graceMs);
    } catch (err) {
      this.logger.error('a part did not stop cleanly', { part: name, err });
    }
  }
}
