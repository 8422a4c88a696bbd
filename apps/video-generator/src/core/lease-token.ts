const HIDDEN = '[lease token]';

/** The secret of a lease, in a private field: printing, serialising and inspecting show a placeholder; only `reveal` gives it away. */
export class LeaseToken {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The secret, for the queue's owner only. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }
}
