/** How this worker works. */
export abstract class FilmWorkerSettings {
  /** Name of the worker, for people. */
  abstract readonly worker: string;
  /** Revision of the bundle that films. */
  abstract readonly bundleRevision: string;
  /** Milliseconds between heartbeats; well below the lease's length. */
  abstract readonly heartbeatMs: number;
  /** Milliseconds between asks of an empty queue, on average. */
  abstract readonly pollMs: number;
  /** Milliseconds after which a call that hands a generation back at shutdown is given up. */
  abstract readonly releaseMs: number;
}
