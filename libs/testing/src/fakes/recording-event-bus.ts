import { EventBus, type DeadLetter, type FactEnvelope, type Subscription } from '@gpt4video/ports/event-bus';

/** Keeps what is published, delivers nothing; `failure` makes every publish fail. */
export class RecordingEventBus extends EventBus {
  readonly facts: FactEnvelope[] = [];
  failure: Error | undefined;

  override async publish(fact: FactEnvelope): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    this.facts.push(fact);
    await Promise.resolve();
  }

  override subscribe(_subscription: Subscription): void {
    throw new Error('The recording bus delivers nothing.');
  }

  override async start(): Promise<void> {
    await Promise.resolve();
  }

  override async stop(): Promise<void> {
    await Promise.resolve();
  }

  override async deadLetters(): Promise<readonly DeadLetter[]> {
    return await Promise.resolve([]);
  }
}
