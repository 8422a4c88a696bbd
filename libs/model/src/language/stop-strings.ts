/** What may be shown so far, and whether the text ended. */
export interface StopResult {
  readonly text: string;
  /** True once a stop string was met; nothing after it is ever shown. */
  readonly stopped: boolean;
}

/**
 * Ends a text at whichever stop string is complete first; it is not part of the text. Text that may be the start of a stop string is
 * held back until it is decided, so the result does not depend on how the text was cut. Empty stop strings are ignored.
 */
export class StopStrings {
  private readonly stops: readonly string[];
  private held = '';
  private stopped = false;

  constructor(stops: readonly string[]) {
    this.stops = stops.filter((stop) => stop !== '');
  }

  /** Takes more text and returns what is safe to show. */
  push(text: string): StopResult {
    if (this.stopped) return { text: '', stopped: true };
    this.held += text;
    const end = this.firstStop();
    if (end >= 0) return this.release(end, true);
    return this.release(this.held.length - this.possibleStart(), false);
  }

  /** The end of the input: what was held back and turned out to be text. */
  flush(): string {
    const { held } = this;
    this.held = '';
    return this.stopped ? '' : held;
  }

  /** Start of the stop string that is complete first, so that cutting the text otherwise changes nothing; −1 when there is none. */
  private firstStop(): number {
    const found = this.stops.map((stop) => ({ start: this.held.indexOf(stop), length: stop.length })).filter(({ start }) => start >= 0);
    found.sort((a, b) => a.start + a.length - (b.start + b.length) || a.start - b.start);
    return found[0]?.start ?? -1;
  }

  /** Length of the longest end of the held text that begins a stop string. */
  private possibleStart(): number {
    const lengths = this.stops.map((stop) => {
      let length = Math.min(stop.length - 1, this.held.length);
      while (length > 0 && !this.held.endsWith(stop.slice(0, length))) length--;
      return length;
    });
    return Math.max(0, ...lengths);
  }

  private release(length: number, stopped: boolean): StopResult {
    const text = this.held.slice(0, length);
    this.held = stopped ? '' : this.held.slice(length);
    this.stopped = stopped;
    return { text, stopped };
  }
}
