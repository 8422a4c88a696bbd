import { mkdir, writeFile } from 'node:fs/promises';
import { runChaos } from '../chaos/chaos-run.js';
import { HurtCluster } from '../chaos/hurt-cluster.js';
import { brokenPromises } from '../chaos/promises.js';
import { report } from '../chaos/report.js';

// A short run with much in it by default; `npm run chaos -- --seed N --minutes M` sets seed and length.
const seed = Number(process.env['CHAOS_SEED'] ?? 72);
const minutes = process.env['CHAOS_MINUTES'];
const plan = minutes === undefined ? { seed, loadMs: 20_000, calmMs: 1_500 } : { seed, loadMs: Number(minutes) * 60_000, calmMs: 4_000 };
const LOG = 'test-results/chaos.log';

describe('a cluster that is hurt while people use it', () => {
  const log: string[] = [];
  let hurt: HurtCluster;

  beforeAll(async () => {
    hurt = await HurtCluster.start(log);
  }, 300_000);

  afterAll(async () => {
    await mkdir('test-results', { recursive: true });
    await writeFile(LOG, log.join('\n'));
  });

  it(`keeps its promises, seed ${seed}`, async () => {
    const run = await runChaos(hurt, plan);
    const violations = brokenPromises(run.history, run.end);
    process.stderr.write(`${report(plan, run, violations)}\n  log        ${LOG}\n`);
    expect(violations).toEqual([]);
    expect(run.history.filter(({ kind }) => kind === 'accepted').length).toBeGreaterThan(5);
    const done = new Set(run.faults.map(({ what }) => what));
    expect([done.has('kill'), done.has('cut') || done.has('slow') || done.has('reset')]).toEqual([true, true]);
  }, plan.loadMs + 300_000);

  it('drains in the end, and every process ends with 0', () => hurt.stop(), 120_000);
});
