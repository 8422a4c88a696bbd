/** How long a worker may be silent and how often a film is tried. */
export abstract class QueuePolicy {
  /** Milliseconds that a lease lasts without a heartbeat. */
  abstract readonly leaseMs: number;
  /** Attempts after which a generation fails for good. */
  abstract readonly maxAttempts: number;
}
