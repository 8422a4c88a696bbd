/**
 * A published fact with all the facts that its handlers published in turn. It is settled when the last of them is:
 * whoever published the first may then forget it, and before that a crash makes it come again.
 */
export class Cascade {
  private pending = 0;
  private failure: unknown;
  private readonly settledPromise = Promise.withResolvers<void>();

  /** False once settled: what comes later belongs to a cascade of its own. */
  get open(): boolean {
    return this.pending > 0;
  }

  /** Resolves when all deliveries have settled; rejects with the first that could not be. */
  get settled(): Promise<void> {
    return this.settledPromise.promise;
  }

  /** Waits for these deliveries too. */
  add(deliveries: readonly Promise<void>[]): void {
    this.pending += 1;
    void Promise.allSettled(deliveries).then((results) => {
      for (const result of results) if (result.status === 'rejected') this.failure ??= result.reason;
      this.pending -= 1;
      if (this.pending > 0) return;
      if (this.failure === undefined) this.settledPromise.resolve();
      else this.settledPromise.reject(this.failure);
    });
  }
}
