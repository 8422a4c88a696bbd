/** What a client saw and did, in the order in which it happened; the checker reads nothing else but this and the end state. */
export type Entry = Accepted | Observed | StreamEvent | Foreign | Told;

/** The service said yes: from here on the job must not be lost. */
export interface Accepted {
  readonly kind: 'accepted';
  readonly job: 'generation' | 'file';
  readonly id: string;
  readonly tenant: string;
}

/** One read of a job's state. */
export interface Observed {
  readonly kind: 'observed';
  readonly id: string;
  readonly state: string;
  /** Milliseconds at which the read was sent, and at which its answer was there. */
  readonly sentMs: number;
  readonly receivedMs: number;
}

/** One event of a job's event stream, as one reader saw it. */
export interface StreamEvent {
  readonly kind: 'stream-event';
  readonly id: string;
  /** Names the reader's connection. */
  readonly stream: string;
  /** Last sequence number that the reader had before it connected; 0 from the beginning. */
  readonly after: number;
  readonly sequence: number;
  readonly data: string;
}

/** A tenant asked for what is another's. */
export interface Foreign {
  readonly kind: 'foreign';
  readonly path: string;
  readonly tenant: string;
  readonly status: number;
}

/** An answer told the reader of a film. */
export interface Told {
  readonly kind: 'told';
  readonly id: string;
  readonly tenant: string;
}

/** What is there when the load has ended and everything has settled. */
export interface EndState {
  readonly jobs: readonly EndJob[];
  /** Facts on the bus, every copy. */
  readonly facts: readonly EndFact[];
  /** Facts that the outbox still holds. */
  readonly unpublished: number;
}

/** One job's row. */
export interface EndJob {
  readonly id: string;
  readonly tenant: string;
  readonly job: 'generation' | 'file';
  readonly state: string;
  /** Terminal events that were recorded for it; files have none. */
  readonly endings: number;
  /** How often it came into the queue: once, and again each time a worker was lost or gave it back. 0 for files. */
  readonly queued: number;
  /** The artifacts that the job made and that the store holds whole. */
  readonly artifacts: readonly string[];
}

/** One fact, as a consumer that sees them all received it. */
export interface EndFact {
  readonly id: string;
  readonly topic: string;
  /** Id of the generation or the file. */
  readonly job: string;
  /** How it ended, for facts that end a job. */
  readonly outcome: string;
}

/** Writes the history of one run. */
export class History {
  private readonly written: Entry[] = [];

  get entries(): readonly Entry[] {
    return this.written;
  }

  add(entry: Entry): void {
    this.written.push(entry);
  }

  /** Ids of the accepted jobs of a kind. */
  accepted(job: Accepted['job']): readonly string[] {
    return this.written.flatMap((entry) => (entry.kind === 'accepted' && entry.job === job ? [entry.id] : []));
  }
}
