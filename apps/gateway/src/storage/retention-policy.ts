/** How long things are kept; all by the database's clock, in milliseconds. */
export abstract class RetentionPolicy {
  /** Generations, with their films, after they ended. */
  abstract readonly generationRetentionMs: number;
  /** Published facts and consumers' notes: longer than any fact is delivered again. */
  abstract readonly deliveryRetentionMs: number;
  /** Objects that no row names: longer than any upload or film takes, and than an idempotency key lives. */
  abstract readonly orphanAgeMs: number;
}
