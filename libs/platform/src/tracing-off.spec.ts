import { createLogger } from './logging.js';
import { startTracing } from './start-tracing.js';
import { withSpan } from './tracing.js';

it('gives log lines trace ids also when spans go nowhere', async () => {
  const lines: string[] = [];
  const logger = createLogger({ app: 'spec', level: 'info', format: 'json', write: (line) => lines.push(line) });
  const tracing = startTracing({ app: 'spec' });
  await withSpan('work', {}, async () => logger.info('inside'));
  await tracing.shutdown();
  expect(JSON.parse(lines[0] ?? '{}')).toMatchObject({ trace_id: expect.stringMatching(/^[0-9a-f]{32}$/), span_id: expect.stringMatching(/^[0-9a-f]{16}$/) });
});
