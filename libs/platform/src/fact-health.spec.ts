import { DomainError } from '@gpt4video/ports/errors';
import type { EventBus } from '@gpt4video/ports/event-bus';
import { watchFacts } from './fact-health.js';
import { Health } from './health.js';

it('is not ready until facts flow; an outage afterwards is shown and takes no traffic away', async () => {
  let flows = false;
  const bus = { check: () => (flows ? Promise.resolve() : Promise.reject(new DomainError('unavailable', 'No broker answers.'))) } as Partial<EventBus> as EventBus;
  const health = new Health();
  watchFacts(bus, health);
  health.open();
  expect(await health.ready()).toEqual({ ok: false, checks: { facts: 'No broker answers.' } });
  flows = true;
  expect(await health.ready()).toEqual({ ok: true, checks: { facts: 'ok' } });
  flows = false;
  expect(await health.ready()).toEqual({ ok: true, checks: { facts: 'degraded: No broker answers.' } });
});
