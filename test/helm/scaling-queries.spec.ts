import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { promtoolProgram } from '@gpt4video/testing/servers/promtool';
import { z } from 'zod';
import { render } from './rig/manifests.js';

const scaled = z.looseObject({ triggers: z.array(z.object({ type: z.string(), metadata: z.record(z.string(), z.string()) })) });
const run = promisify(execFile);

/** Series of one moment, and what a query must say of them; undefined for nothing, which KEDA takes for a fault. */
interface Moment {
  readonly what: string;
  readonly series: Readonly<Record<string, number>>;
  readonly says: number | undefined;
}

const DEPTH = 'gpt4video_gateway_queue_depth{namespace="gpt4video",pod="POD",state="STATE"}';
const depth = (pod: string, state: string) => DEPTH.replace('POD', pod).replace('STATE', state);
const oldest = (pod: string) => `gpt4video_gateway_queue_oldest_seconds{namespace="gpt4video",pod="${pod}"}`;
const calls = (pod: string, job = 'dialogue') => `gpt4video_rpc_in_flight{namespace="gpt4video",job="${job}",pod="${pod}",method="Converse"}`;

describe('what the scaling asks, evaluated by Prometheus itself', () => {
  let folder: string;
  let queries: ReadonlyMap<string, string>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scaling-'));
    const objects = (await render('production')).filter(({ kind }) => kind === 'ScaledObject');
    queries = new Map(objects.flatMap(({ metadata, ['spec']: spec }) => scaled.parse(spec).triggers.filter(({ type }) => type === 'prometheus').map((trigger) => [metadata.name.replace('gpt4video-', ''), trigger.metadata['query'] ?? ''] as const)));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  // A target of 2 films a pod and 60 seconds of waiting, as the values say.
  it.each<Moment>([
    { what: 'a film in hand keeps its pod, though none waits', series: { [depth('a', 'queued')]: 0, [depth('a', 'in_progress')]: 1, [oldest('a')]: 0 }, says: 1 },
    { what: 'no film at all is zero, which lets the last worker go', series: { [depth('a', 'queued')]: 0, [depth('a', 'in_progress')]: 0, [oldest('a')]: 0 }, says: 0 },
    { what: 'two gateways that report the same queue count it once', series: { [depth('a', 'queued')]: 6, [depth('b', 'queued')]: 6, [oldest('a')]: 10, [oldest('b')]: 10 }, says: 6 },
    { what: 'films that wait three times too long want three times the pods', series: { [depth('a', 'queued')]: 4, [depth('a', 'in_progress')]: 2, [oldest('a')]: 180 }, says: 18 },
    { what: 'no report is no zero', series: {}, says: undefined },
  ])('films: $what', async ({ series, says }) => expect(await evaluated('video-generator', series, says)).toBe('as expected'), 60_000);

  it.each<Moment>([
    { what: 'calls of every pod are added', series: { [calls('a')]: 3, [calls('b')]: 4, [calls('c', 'safety')]: 50 }, says: 7 },
    { what: 'no report is no zero', series: { [calls('c', 'safety')]: 50 }, says: undefined },
  ])('dialogue: $what', async ({ series, says }) => expect(await evaluated('dialogue', series, says)).toBe('as expected'), 60_000);

  async function evaluated(service: string, series: Readonly<Record<string, number>>, says: number | undefined): Promise<string> {
    const test = {
      evaluation_interval: '1m',
      tests: [{
        interval: '1m',
        input_series: Object.entries(series).map(([name, value]) => ({ series: name, values: `${value}x5` })),
        promql_expr_test: [{ expr: queries.get(service), eval_time: '3m', exp_samples: says === undefined ? [] : [{ labels: '{}', value: says }] }],
      }],
    };
    // JSON is YAML.
    const file = join(folder, 'test.yaml');
    await writeFile(file, JSON.stringify(test));
    return run(await promtoolProgram(), ['test', 'rules', file]).then(() => 'as expected', ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }) => stdout + stderr);
  }
});
