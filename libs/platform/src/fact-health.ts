import type { EventBus } from '@gpt4video/ports/event-bus';
import type { Health } from './health.js';

/**
 * Keeps a process from taking traffic until facts flow for the first time: before that it is set up wrongly. When the broker
 * goes later that is shown and no more, because calls need no broker: outbox and retries keep what cannot go out.
 */
export function watchFacts(bus: EventBus, health: Health): void {
  let flowed = false;
  health.addReadyCheck('facts', async () => {
    if (flowed) return;
    await bus.check();
    flowed = true;
  });
  health.addNotice('facts', () => bus.check());
}
