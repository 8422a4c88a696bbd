import { CONSUMER_GROUPS, isTopicName } from '@gpt4video/contracts/topics';
import { z } from 'zod';
import { EDGES, RARE_EDGES } from '../architecture/telemetry/telemetry-table.js';
import { callersOf, CATALOG } from './rig/catalog.js';
import { type Manifest, render } from './rig/manifests.js';
import { schemaOf, SERVICES } from './rig/service-schemas.js';

describe('what the chart believes of the services', () => {
  it('names exactly the services', () => {
    expect(Object.keys(CATALOG).sort()).toEqual([...SERVICES].sort());
  });

  it.each(SERVICES)('%s calls whom its configuration asks for', (name) => {
    const addresses = Object.keys(schemaOf(name).shape).filter((field) => field.endsWith('Address'));
    expect(Object.keys(CATALOG[name]?.calls ?? {}).sort()).toEqual(addresses.sort());
  });

  it.each(SERVICES)('%s needs what its configuration asks for', (name) => {
    const fields = Object.keys(schemaOf(name).shape);
    const { database, objects, models, computes, http, internet, signsFilms, knowsFilms, publishes, consumes = [] } = CATALOG[name] ?? {};
    expect({ database, objects, models, computes, http, internet, signsFilms, knowsFilms, facts: publishes === true || consumes.length > 0 }).toEqual({
      database: fields.includes('databaseUrl'),
      objects: fields.includes('objectStore'),
      models: fields.includes('modelCache'),
      computes: fields.includes('executionProviders'),
      http: fields.includes('httpPort'),
      internet: fields.includes('mediaHosts'),
      signsFilms: fields.includes('provenanceKey'),
      knowsFilms: fields.includes('watermarkKeys'),
      facts: fields.includes('eventBus'),
    });
  });

  it('the calls that a real run shows are those of the chart, and the facts too', () => {
    const edges = [...EDGES, ...RARE_EDGES].map((edge) => /^(\S+) → (\S+): (.+)$/.exec(edge) ?? []).map(([, from = '', to = '', what = '']) => ({ from, to, what }));
    const calls = [...new Set(edges.filter(({ what }) => what.includes('/')).map(({ from, to }) => `${from} → ${to}`))];
    const believed = SERVICES.flatMap((name) => [...new Set(Object.values(CATALOG[name]?.calls ?? {}))].map((callee) => `${name} → ${callee}`));
    expect(believed.sort()).toEqual(calls.sort());
    const facts = edges.filter(({ what }) => isTopicName(what));
    for (const { from, to, what } of facts) expect([what, CATALOG[from]?.publishes, CATALOG[to]?.consumes.includes(what)]).toEqual([what, true, true]);
    expect(facts.length).toBeGreaterThan(8);
  });

  it('every topic is consumed by the groups of the code, each named for its service', () => {
    const believed = Object.keys(CONSUMER_GROUPS).map((topic) => [topic, Object.keys(CATALOG).filter((name) => CATALOG[name]?.consumes.includes(topic)).sort()]);
    const coded = Object.entries(CONSUMER_GROUPS).map(([topic, groups]) => [topic, [...groups].sort()]);
    expect(believed).toEqual(coded);
  });
});

const labels = z.object({ matchLabels: z.record(z.string(), z.string()) });
const rule = z.object({ from: z.array(z.looseObject({ podSelector: labels.optional() })).optional(), to: z.array(z.looseObject({ podSelector: labels.optional() })).optional(), ports: z.array(z.object({ port: z.number() })).min(1) });
const policy = z.object({ podSelector: labels, policyTypes: z.array(z.string()), ingress: z.array(rule).default([]), egress: z.array(rule).default([]) });

describe('network policies', () => {
  let policies: ReadonlyMap<string, z.output<typeof policy>>;
  const of = (name: string) => policies.get(`gpt4video-${name}`) ?? policy.parse({});

  beforeAll(async () => {
    const manifests: readonly Manifest[] = await render('production');
    policies = new Map(manifests.filter(({ kind }) => kind === 'NetworkPolicy').map(({ metadata, ['spec']: spec }) => [metadata.name, policy.parse(spec)]));
  });

  it('deny everything that no rule names', () => {
    expect(of('default-deny')).toEqual({ podSelector: { matchLabels: { 'app.kubernetes.io/part-of': 'gpt4video', 'app.kubernetes.io/instance': 'gpt4video' } }, policyTypes: ['Ingress', 'Egress'], ingress: [], egress: [] });
  });

  it.each(SERVICES)('let in to %s its callers and nobody else', (name) => {
    const pods = of(name).ingress.flatMap(({ from = [] }) => from.flatMap(({ podSelector }) => podSelector?.matchLabels['app.kubernetes.io/component'] ?? []));
    expect(pods.sort()).toEqual(callersOf(name));
  });

  it.each(SERVICES)('let %s out to whom it calls, and to the stores that it needs', (name) => {
    const { calls = {}, database, objects, publishes, consumes = [] } = CATALOG[name] ?? {};
    const pods = of(name).egress.flatMap(({ to = [] }) => to.flatMap(({ podSelector }) => podSelector?.matchLabels['app.kubernetes.io/component'] ?? []));
    expect(pods.sort()).toEqual([...new Set(Object.values(calls))].sort());
    const ports = of(name).egress.flatMap((each) => each.ports.map(({ port }) => port)).filter((port) => port !== 50_051 && port !== 80 && port !== 443);
    const facts = publishes === true || consumes.length > 0;
    expect(ports.sort()).toEqual([...(database === true ? [5_432] : []), ...(objects === true ? [9_000] : []), ...(facts ? [9_093] : [])].sort());
  });

  it('let monitoring in to the metrics alone', () => {
    expect(of('everyone').ingress.map(({ ports }) => ports.map(({ port }) => port))).toEqual([[9_090]]);
  });
});
