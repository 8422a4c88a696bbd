import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startOtelCollector, type OtelCollectorServer } from './otel-collector.js';

const configuration = resolve(import.meta.dirname, '../../../../deploy/otel-collector.yaml');

describe('startOtelCollector', () => {
  let folder: string;
  let file: string;
  let collector: OtelCollectorServer;

  const sendSpan = (name: string): Promise<Response> => {
    const span = { traceId: '5b8efff798038103d269b633813fc60c', spanId: 'eee19b7ec3c1b174', name, kind: 2, startTimeUnixNano: '1', endTimeUnixNano: '2' };
    const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
    return fetch(`${collector.url}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  };

  const untilWritten = async (name: string): Promise<void> => {
    while (!(await readFile(file, 'utf8').catch(() => '')).includes(name)) await new Promise((accept) => setTimeout(accept, 50));
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'otel-'));
    file = join(folder, 'telemetry.jsonl');
    collector = await startOtelCollector({ folder, configuration, env: { TELEMETRY_FILE: file } });
  }, 600_000);

  afterAll(async () => {
    await collector.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('keeps spans by the configuration that is deployed, before and after SIGKILL', async () => {
    expect((await sendSpan('before')).status).toBe(200);
    await untilWritten('before');
    await collector.kill();
    await collector.start();
    expect((await sendSpan('after')).status).toBe(200);
    await untilWritten('after');
    expect(await readFile(file, 'utf8')).toContain('before');
  });
});
