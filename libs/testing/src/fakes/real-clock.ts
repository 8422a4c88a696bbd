import { setTimeout as delay } from 'node:timers/promises';
import { Clock } from '@gpt4video/ports/clock';

/** Real time; waits are divided by `speed`. */
export class RealClock extends Clock {
  constructor(private readonly speed = 1) {
    super();
  }

  override now(): number {
    return Date.now();
  }

  override async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await delay(ms / this.speed, undefined, signal === undefined ? {} : { signal });
  }
}
