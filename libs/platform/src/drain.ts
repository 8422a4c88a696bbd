import type { Logger } from './logging.js';

/** When a part stops: first what lets work in, then what takes work by itself, what serves work in hand, and last what tells of it. */
export type DrainPhase = 'admission' | 'work' | 'serving' | 'reporting';

/** Stops one part; must settle within `graceMs`. */
export type DrainStep = (graceMs: number) => Promise<void>;

/** The phases in their order; each may take the grace that the drain was given. */
export const DRAIN_PHASES: readonly DrainPhase[] = ['admission', 'work', 'serving', 'reporting'];

/** The order in which a process stops, so that accepted work is finished or handed back. */
export class Drain {
  private readonly steps: { readonly phase: DrainPhase; readonly name: string; readonly step: DrainStep }[] = [];
  private running: Promise<void> | undefined;

  constructor(
    private readonly logger: Logger,
    /** Milliseconds that each phase may take. */
    private readonly graceMs: number,
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
    for (const phase of DRAIN_PHASES) {
      const due = this.steps.filter((part) => part.phase === phase);
      await Promise.all(due.map((part) => this.runStep(part.name, part.step)));
    }
  }

  private async runStep(name: string, step: DrainStep): Promise<void> {
    try {
      await step(this.graceMs);
    } catch (err) {
      this.logger.error('a part did not stop cleanly', { part: name, err });
    }
  }
}
