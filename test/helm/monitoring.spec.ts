import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promtoolProgram } from '@gpt4video/testing/servers/promtool';
import { declaredSeries } from './rig/declared-metrics.js';
import { FOREIGN_METRICS } from './rig/foreign-metrics.js';
import { type Manifest, render } from './rig/manifests.js';
import { alerts, dashboards, MONITORING, ruleFiles, testedOutcomes, testFiles } from './rig/monitoring.js';
import { groupingsOf, selectorsOf } from './rig/promql.js';
import { Metrics } from '@gpt4video/platform/metrics';

// What Prometheus and its operator add to every series.
const TARGET_LABELS = ['namespace', 'job', 'pod', 'container', 'service'];

describe('rules and alerts', () => {
  it('are read by Prometheus', async () => {
    const files = (['rules', 'alerts'] as const).flatMap((folder) => [...ruleFiles(folder).keys()].map((name) => join(MONITORING, folder, name)));
    expect(await runPromtool('check', 'rules', ...files)).toMatchObject({ code: 0 });
  }, 300_000);

  it('fire when they must and stay silent when they must', async () => {
    expect(await runPromtool('test', 'rules', ...testFiles())).toMatchObject({ code: 0 });
  }, 300_000);

  it.each(alerts().map(({ alert }) => alert))('%s has a test that it fires and one that it stays silent', (name) => {
    const { fires = 0, silent = 0 } = testedOutcomes().get(name) ?? {};
    expect({ fires: fires > 0, silent: silent > 0 }).toEqual({ fires: true, silent: true });
  });

  it.each(alerts())('$alert says how urgent it is, what happened, and where to read on', ({ alert, labels, annotations }) => {
    expect(['page', 'ticket']).toContain(labels?.['severity']);
    expect(annotations?.['summary']).toMatch(/\.$/);
    expect(annotations?.['runbook_url']).toBe(`runbooks.md#${alert.toLowerCase()}`);
    expect(runbookHeadings()).toContain(alert);
  });

  it('every heading of the runbooks belongs to an alert and says what to type', () => {
    const known = alerts().map(({ alert }) => alert);
    expect(runbookHeadings().filter((heading) => !known.includes(heading))).toEqual([]);
    for (const section of readFileSync(join(MONITORING, 'runbooks.md'), 'utf8').split('\n## ').slice(1)) expect(section).toMatch(/`[^`]+`|docs\/operations|As \w+/);
  });
});

describe('what is asked of Prometheus', () => {
  const recorded = [...ruleFiles('rules').values()].flatMap(({ groups }) => groups.flatMap(({ rules }) => rules.map(({ record = '' }) => record)));
  const expressions = [
    ...(['rules', 'alerts'] as const).flatMap((folder) => [...ruleFiles(folder).entries()].flatMap(([name, { groups }]) => groups.flatMap(({ rules }) => rules.map(({ record, alert, expr }) => [`${name} ${record ?? alert ?? ''}`, expr] as const)))),
    ...[...dashboards().entries()].flatMap(([name, { panels }]) => panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [`${name} ${title}`, expr] as const))),
  ];

  it('is declared in the code, recorded by a rule, or known to come from elsewhere', async () => {
    const known = new Set([...(await declaredSeries()).keys(), ...recorded, ...Object.values(FOREIGN_METRICS).flat()]);
    const unknown = expressions.flatMap(([where, expression]) => selectorsOf(expression).filter(({ metric }) => !known.has(metric)).map(({ metric }) => `${where}: ${metric}`));
    expect(unknown).toEqual([]);
  });

  it('matches and groups by labels that the series have', async () => {
    const series = await declaredSeries();
    const faults = expressions.flatMap(([where, expression]) => {
      const own = selectorsOf(expression).filter(({ metric }) => series.has(metric));
      const labels = own.flatMap(({ metric }) => series.get(metric) ?? []);
      const matched = own.flatMap(({ metric, labels: asked }) => asked.filter((label) => ![...(series.get(metric) ?? []), ...TARGET_LABELS].includes(label)).map((label) => `${where}: ${metric} has no label ${label}`));
      const grouped = own.length === 0 ? [] : groupingsOf(expression).filter((label) => ![...labels, ...TARGET_LABELS, 'slo'].includes(label)).map((label) => `${where}: nothing has the label ${label}`);
      return [...matched, ...grouped];
    });
    expect(faults).toEqual([]);
  });

  it('of prom-client are series that it makes', async () => {
    const metrics = new Metrics();
    metrics.collectProcess();
    const text = await metrics.text();
    for (const name of FOREIGN_METRICS['prom-client'] ?? []) expect(text).toMatch(new RegExp(`^${name}(_total)? `, 'm'));
  });

  it('of others is asked by someone', () => {
    const asked = new Set(expressions.flatMap(([, expression]) => selectorsOf(expression).map(({ metric }) => metric)));
    expect(Object.values(FOREIGN_METRICS).flat().filter((name) => !asked.has(name))).toEqual([]);
    expect(recorded.filter((name) => !asked.has(name) && !name.startsWith('gpt4video:rpc_'))).toEqual([]);
  });
});

it('rules and dashboards are what their tables make of them', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/monitoring/main.mjs', '--check'], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

describe('the chart', () => {
  let manifests: readonly Manifest[];

  beforeAll(async () => {
    manifests = await render('production');
  });

  it('installs every rule file, as it is but for the address of the runbooks', () => {
    for (const folder of ['rules', 'alerts'] as const) {
      for (const [name, file] of ruleFiles(folder)) {
        const found = manifests.find(({ kind, metadata }) => kind === 'PrometheusRule' && metadata.name === `gpt4video-${folder}-${basename(name, '.yaml')}`);
        const installed = JSON.stringify(found?.['spec']).replaceAll('https://git.example.com/gpt4video/tree/main/deploy/monitoring/', '');
        expect(JSON.parse(installed)).toEqual(file);
      }
    }
  });

  it('installs every dashboard', () => {
    const maps = manifests.filter(({ kind, metadata }) => kind === 'ConfigMap' && metadata.labels['grafana_dashboard'] === '1');
    const installed = Object.fromEntries(maps.flatMap(({ ['data']: data }) => Object.entries(data as Record<string, string>).map(([name, text]) => [name, JSON.parse(text) as unknown])));
    expect(installed).toEqual(Object.fromEntries(dashboards()));
  });

  it('installs no test and no monitoring that nobody asked for', async () => {
    expect(manifests.filter(({ metadata }) => metadata.name.includes('test'))).toEqual([]);
    const minimal = await render('minimal');
    expect(minimal.filter(({ kind }) => ['PrometheusRule', 'PodMonitor', 'ConfigMap', 'ScaledObject'].includes(kind))).toEqual([]);
  });
});

function runbookHeadings(): readonly string[] {
  return [...readFileSync(join(MONITORING, 'runbooks.md'), 'utf8').matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading);
}

async function runPromtool(...args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  const program = await promtoolProgram();
  return new Promise((resolve) => {
    const child = execFile(program, args, (_, stdout, stderr) => resolve({ code: child.exitCode ?? -1, output: stdout + stderr }));
  });
}
