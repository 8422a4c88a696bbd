import { setTimeout as delay } from 'node:timers/promises';
import { Clock } from '@gpt4video/ports/clock';

/** The machine's clock. */
export class SystemClock extends Clock {
  override now(): number {
    return Date.now();
  }

  override async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await delay(ms, undefined, signal === undefined ? {} : { signal });
  }
}
