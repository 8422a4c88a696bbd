import { DomainError } from '@gpt4video/ports/errors';
import type { FactEnvelope, Outcome } from '@gpt4video/ports/event-bus';
import { FactConsumer, subscriptionOf } from './fact-consumer.js';
import { createLogger } from './logging.js';
import { Metrics } from './metrics.js';
import { currentRequestId } from './request-context.js';

const FACT: FactEnvelope = { id: 'fact-1', topic: 'video.uploaded', key: 'k', source: 'gateway', timeMs: 0, data: new Uint8Array() };

class Consumer extends FactConsumer {
  override readonly topic = 'video.uploaded';
  override readonly group = 'frame-extractor';
  override readonly concurrency = 3;

  constructor(readonly handle: (fact: FactEnvelope, signal: AbortSignal) => Promise<Outcome>) {
    super();
  }
}

function rig(handle: Consumer['handle']) {
  const metrics = new Metrics();
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger({ app: 'spec', level: 'debug', format: 'json', write: (line) => lines.push(JSON.parse(line)) });
  return { metrics, lines, subscription: subscriptionOf(new Consumer(handle), { metrics, logger, system: 'in_process' }) };
}

const never = () => new AbortController().signal;
const counted = (outcome: string) => `gpt4video_facts_handled_total{topic="video.uploaded",group="frame-extractor",outcome="${outcome}"} 1`;

describe('a subscribed consumer', () => {
  it('keeps topic, group and concurrency', () => {
    expect(rig(async () => 'done').subscription).toMatchObject({ topic: 'video.uploaded', group: 'frame-extractor', concurrency: 3 });
  });

  it.each(['done', 'skipped', 'retry', 'dead-letter'] as const)('passes the outcome %s on and counts it', async (outcome) => {
    const { metrics, lines, subscription } = rig(async () => outcome);
    expect(await subscription.handler(FACT, never())).toBe(outcome);
    expect(await metrics.text()).toContain(counted(outcome));
    expect(lines).toEqual([]);
  });

  it('gives up at once on what cannot heal, and logs it', async () => {
    const { metrics, lines, subscription } = rig(() => Promise.reject(new DomainError('invalid_video', 'No frame decodes.')));
    expect(await subscription.handler(FACT, never())).toEqual({ code: 'invalid_video', reason: 'No frame decodes.' });
    expect(await metrics.text()).toContain(counted('dead-letter'));
    expect(lines).toMatchObject([{ level: 'error', code: 'invalid_video', fact: 'fact-1', outcome: 'dead-letter', request_id: 'fact-1' }]);
  });

  it.each([new DomainError('unavailable', 'No answer.'), new TypeError('bug')])('hands %s back to be tried again, with its code', async (thrown) => {
    const { metrics, lines, subscription } = rig(() => Promise.reject(thrown));
    await expect(subscription.handler(FACT, never())).rejects.toMatchObject({ code: thrown instanceof DomainError ? 'unavailable' : 'internal' });
    expect(await metrics.text()).toContain(counted('retry'));
    expect(lines).toHaveLength(1);
  });

  it('does not give up on a fact because the process stops', async () => {
    const aborter = new AbortController();
    const { subscription } = rig(() => {
      aborter.abort();
      return Promise.reject(new DomainError('invalid_request', 'Half a message.'));
    });
    await expect(subscription.handler(FACT, aborter.signal)).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('is refused when the table of consumer groups lacks it', () => {
    class Stray extends FactConsumer {
      override readonly topic = 'video.understood';
      override readonly group = 'safety';
      override handle(): Promise<Outcome> {
        return Promise.resolve('done');
      }
    }
    expect(() => subscriptionOf(new Stray(), { metrics: new Metrics(), logger: createLogger({ app: 'spec', level: 'silent', format: 'json' }), system: 'spec' })).toThrow('topics.ts');
  });

  it('works under the id of its fact', async () => {
    let seen: string | undefined;
    const { subscription } = rig(async () => {
      seen = currentRequestId();
      return 'done';
    });
    await subscription.handler(FACT, never());
    expect(seen).toBe('fact-1');
  });
});
