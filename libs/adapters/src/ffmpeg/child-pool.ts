import { DomainError } from '@gpt4video/ports/errors';
import { CodecChild } from './codec-child.js';

/** Jobs after which a process is replaced, so that nothing that native code leaks adds up. */
const JOBS_PER_PROCESS = 200;

/** A few codec processes, lent to one job at a time, first come first served. */
export class ChildPool {
  private readonly idle: { readonly child: CodecChild; readonly jobs: number }[] = [];
  private readonly waiting: (() => void)[] = [];
  private free: number;

  constructor(private readonly size: number) {
    this.free = size;
  }

  /** Starts a process ahead of its first job. */
  warm(): void {
    if (this.idle.length < this.size) this.idle.push({ child: new CodecChild(), jobs: 0 });
  }

  /** Runs `work` with a process. The signal ends the process, so the call settles at once; a time limit does as well. Throws `cancelled`, `video_too_large`. */
  async run<T>(work: (child: CodecChild) => Promise<T>, signal: AbortSignal, maxWorkMs: number): Promise<T> {
    await this.acquire(signal);
    const { child, jobs } = this.take();
    const timeout = AbortSignal.timeout(maxWorkMs);
    const stop = (): void => child.kill();
    signal.addEventListener('abort', stop, { once: true });
    timeout.addEventListener('abort', stop, { once: true });
    try {
      return await work(child);
    } catch (error) {
      if (signal.aborted) throw cancelled(signal.reason);
      if (timeout.aborted) throw new DomainError('video_too_large', 'Working on the video takes too long; send a shorter or smaller one.', { cause: error });
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
      timeout.removeEventListener('abort', stop);
      this.release(child, jobs + 1);
    }
  }

  /** Ends the idle processes. */
  close(): void {
    for (const { child } of this.idle.splice(0)) child.kill();
  }

  private async acquire(signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw cancelled(signal.reason);
    if (this.free > 0) {
      this.free -= 1;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const leave = (): void => {
      this.waiting.splice(this.waiting.indexOf(resolve), 1);
      reject(cancelled(signal.reason));
    };
    this.waiting.push(resolve);
    signal.addEventListener('abort', leave, { once: true });
    await promise.finally(() => signal.removeEventListener('abort', leave));
  }

  private take(): { readonly child: CodecChild; readonly jobs: number } {
    for (let kept = this.idle.pop(); kept !== undefined; kept = this.idle.pop()) if (kept.child.alive) return kept;
    return { child: new CodecChild(), jobs: 0 };
  }

  private release(child: CodecChild, jobs: number): void {
    if (jobs >= JOBS_PER_PROCESS) child.kill();
    else if (child.alive) this.idle.push({ child, jobs });
    const next = this.waiting.shift();
    if (next === undefined) this.free += 1;
    else next();
  }
}

const cancelled = (cause: unknown): DomainError => new DomainError('cancelled', 'Work on the video was cancelled.', { cause });
