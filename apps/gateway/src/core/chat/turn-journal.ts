import { Clock } from '@gpt4video/ports/clock';

/** The stages of a turn that are timed. */
export type TurnStage = 'media' | 'screen_in' | 'vision' | 'first_token' | 'language' | 'screen_out' | 'films';

/** Where the times and refusals of turns are noted. */
export abstract class TurnJournal {
  constructor(private readonly clock: Clock) {}

  /** A stage took so many milliseconds. */
  abstract stage(stage: TurnStage, ms: number): void;

  /** Content was declined. */
  abstract refused(stage: 'input' | 'output' | 'caption', category: string): void;

  /** Notes how long the work takes when it succeeds. Its rejection may go unheard by the caller without harm. */
  timed<T>(stage: TurnStage, work: () => Promise<T>): Promise<T> {
    const started = this.clock.now();
    const result = work();
    result.then(
      () => this.stage(stage, this.clock.now() - started),
      () => undefined,
    );
    return result;
  }
}
