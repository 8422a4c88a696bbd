import { DomainError } from './errors.js';

interface Flight<T> {
  readonly result: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

/**
 * One computation per key, however many ask at once. An asker who gives up leaves with `cancelled`;
 * the computation itself is aborted only when the last asker has left. Nothing is remembered once it has settled.
 */
export class SingleFlight<T> {
  private readonly flights = new Map<string, Flight<T>>();

  /** Joins the flight of `key`, or starts one with `work`. */
  async run(key: string, work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    if (signal.aborted) throw cancelled();
    const flight = this.flights.get(key) ?? this.start(key, work);
    flight.waiting += 1;
    return await this.follow(key, flight, signal);
  }

  private start(key: string, work: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const controller = new AbortController();
    const result = work(controller.signal).finally(() => this.forget(key, flight));
    const flight: Flight<T> = { result, controller, waiting: 0 };
    // Every follower may have left before the work fails; that failure has then nobody to tell.
    result.catch(() => undefined);
    this.flights.set(key, flight);
    return flight;
  }

  private async follow(key: string, flight: Flight<T>, signal: AbortSignal): Promise<T> {
    return await new Promise<T>((resolve, reject) => {
      const leave = (): void => {
        flight.waiting -= 1;
        if (flight.waiting === 0) this.abandon(key, flight);
        reject(cancelled());
      };
      signal.addEventListener('abort', leave, { once: true });
      void flight.result.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
    });
  }

  private abandon(key: string, flight: Flight<T>): void {
    // Forgotten first, so that a newcomer starts afresh instead of joining work that is being torn down.
    this.forget(key, flight);
    flight.controller.abort();
  }

  private forget(key: string, flight: Flight<T>): void {
    if (this.flights.get(key) === flight) this.flights.delete(key);
  }
}

function cancelled(): DomainError {
  return new DomainError('cancelled', 'The request was cancelled.');
}
