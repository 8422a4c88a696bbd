import type { DeadLetter } from '@gpt4video/ports/event-bus';
import { FactWatch } from './fact-watch.js';
import { createLogger } from './logging.js';
import { Metrics } from './metrics.js';

const LETTER: DeadLetter = { fact: { id: 'fact-1', topic: 'video.uploaded', key: 'k', source: 's', timeMs: 0, data: new Uint8Array() }, group: 'frame-extractor', attempts: 6, code: 'unavailable', reason: 'No answer.' };

function rig() {
  const metrics = new Metrics();
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger({ app: 'spec', level: 'debug', format: 'json', write: (line) => lines.push(JSON.parse(line)) });
  return { metrics, lines, watch: new FactWatch(metrics, logger) };
}

describe('FactWatch', () => {
  it('counts publishes, facts set aside and given up, and shows lag and connection by topic and group', async () => {
    const { metrics, watch } = rig();
    watch.published('video.uploaded', 0.02, true);
    watch.published('video.uploaded', 15, false);
    watch.setAside(LETTER);
    watch.deadLettered(LETTER);
    watch.lagged('video.uploaded', 'frame-extractor', 7);
    watch.connection('frame-extractor', new Error('gone'));
    const text = await metrics.text();
    const of = '{topic="video.uploaded",group="frame-extractor"}';
    for (const line of [`set_aside_total${of} 1`, `dead_lettered_total${of} 1`, `lag${of} 7`, 'connected{group="frame-extractor"} 0', 'publish_failed_total{topic="video.uploaded"} 1', 'publish_seconds_count{topic="video.uploaded"} 1']) {
      expect(text).toContain(`gpt4video_facts_${line}`);
    }
  });

  it('logs each change of a connection once, and every dead letter', () => {
    const { lines, watch } = rig();
    for (const reason of [new Error('gone'), new Error('still gone'), undefined, undefined]) watch.connection('g', reason);
    watch.deadLettered(LETTER);
    expect(lines).toMatchObject([{ level: 'warn', group: 'g' }, { level: 'info', group: 'g' }, { level: 'error', fact: 'fact-1', code: 'unavailable', attempts: 6 }]);
    expect(lines).toHaveLength(3);
  });
});
