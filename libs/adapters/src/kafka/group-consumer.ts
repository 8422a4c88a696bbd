import type { Clock } from '@gpt4video/ports/clock';
import { DomainError } from '@gpt4video/ports/errors';
import { GroupSession, type SessionParts } from './group-session.js';
import { unavailable } from './kafka-fault.js';

/** What a group's consumer tells of its connection. */
export interface ConnectionEvents {
  /** It came (`undefined`) or went, and why. */
  onConnection(lostBecause: Error | undefined): void;
}

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;

/** Keeps one consumer of a group alive: one session after another, for ever, until it is stopped. */
export class GroupConsumer {
  private readonly stopping = new AbortController();
  private readonly clock: Clock;
  private session: GroupSession | undefined;
  private loop: Promise<void> = Promise.resolve();
  private lostBecause: Error | undefined;
  private waitMs = FIRST_WAIT_MS;

  constructor(
    private readonly parts: Omit<SessionParts, 'onJoined'>,
    private readonly events: ConnectionEvents,
  ) {
    this.clock = parts.clock;
  }

  /** Starts to consume when `ready` resolves. */
  start(ready: Promise<void>): void {
    this.loop = ready.then(() => this.run()).catch(() => undefined);
  }

  /** Takes no more, lets what is in hand finish within `graceMs`, and leaves the group. */
  async stop(graceMs: number): Promise<void> {
    this.stopping.abort();
    await this.session?.leave(graceMs);
    await this.loop;
  }

  /** Throws `unavailable` while it is not in its group. */
  check(): void {
    if (this.session?.flows === true) return;
    throw this.lostBecause === undefined ? new DomainError('unavailable', `The consumer group ${this.parts.groupId} has not been joined yet.`) : unavailable(this.lostBecause);
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      this.session = new GroupSession({ ...this.parts, onJoined: () => this.joined() });
      const reason = await this.session.run();
      this.session = undefined;
      if (this.stopping.signal.aborted) return;
      this.lost(reason);
      await this.clock.sleep(this.waitMs, this.stopping.signal);
      this.waitMs = Math.min(this.waitMs * 2, LONGEST_WAIT_MS);
    }
  }

  private joined(): void {
    this.waitMs = FIRST_WAIT_MS;
    this.lostBecause = undefined;
    this.events.onConnection(undefined);
  }

  private lost(reason: Error): void {
    this.lostBecause = reason;
    this.events.onConnection(reason);
  }
}
