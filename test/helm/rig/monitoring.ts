import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** Folder of rules, alerts, dashboards and runbooks. */
export const MONITORING = join(import.meta.dirname, '../../../deploy/monitoring');

const rules = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      interval: z.string().optional(),
      rules: z.array(z.strictObject({ record: z.string().optional(), alert: z.string().optional(), expr: z.string(), for: z.string().optional(), labels: z.record(z.string(), z.string()).optional(), annotations: z.record(z.string(), z.string()).optional() })),
    }),
  ),
});

const tests = z.looseObject({ tests: z.array(z.looseObject({ alert_rule_test: z.array(z.looseObject({ alertname: z.string(), exp_alerts: z.array(z.unknown()) })).default([]) })) });

const dashboard = z.looseObject({
  uid: z.string(),
  title: z.string(),
  panels: z.array(z.looseObject({ type: z.string(), title: z.string(), targets: z.array(z.looseObject({ expr: z.string() })).optional() })),
});

/** Rule files of a folder by name, tests left out. */
export function ruleFiles(folder: 'rules' | 'alerts') {
  const names = readdirSync(join(MONITORING, folder)).filter((name) => name.endsWith('.yaml') && !name.endsWith('.test.yaml'));
  return new Map(names.map((name) => [name, rules.parse(parse(readFileSync(join(MONITORING, folder, name), 'utf8')))]));
}

/** Every alert. */
export function alerts() {
  return [...ruleFiles('alerts').values()].flatMap(({ groups }) => groups.flatMap((group) => group.rules)).flatMap(({ alert, ...rule }) => (alert === undefined ? [] : [{ alert, ...rule }]));
}

/** What the tests say of an alert: how often it must fire, how often stay silent. */
export function testedOutcomes(): ReadonlyMap<string, { readonly fires: number; readonly silent: number }> {
  const found = new Map<string, { fires: number; silent: number }>();
  for (const path of testFiles()) {
    for (const { alert_rule_test: cases } of tests.parse(parse(readFileSync(path, 'utf8'))).tests) {
      for (const { alertname, exp_alerts: expected } of cases) {
        const { fires, silent } = found.get(alertname) ?? { fires: 0, silent: 0 };
        found.set(alertname, expected.length > 0 ? { fires: fires + 1, silent } : { fires, silent: silent + 1 });
      }
    }
  }
  return found;
}

/** Paths of promtool's tests. */
export function testFiles(): readonly string[] {
  return readdirSync(join(MONITORING, 'alerts')).filter((name) => name.endsWith('.test.yaml')).map((name) => join(MONITORING, 'alerts', name));
}

/** Every dashboard by the name of its file. */
export function dashboards() {
  const names = readdirSync(join(MONITORING, 'dashboards')).filter((name) => name.endsWith('.json'));
  return new Map(names.map((name) => [name, dashboard.parse(JSON.parse(readFileSync(join(MONITORING, 'dashboards', name), 'utf8')))]));
}
