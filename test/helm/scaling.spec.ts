import { CONSUMER_GROUPS, isTopicName } from '@gpt4video/contracts/topics';
import { z } from 'zod';
import { CATALOG } from './rig/catalog.js';
import { declaredSeries } from './rig/declared-metrics.js';
import { deployments, type Manifest, render } from './rig/manifests.js';
import { selectorsOf } from './rig/promql.js';
import { SERVICES } from './rig/service-schemas.js';

const trigger = z.object({ type: z.enum(['kafka', 'prometheus']), metricType: z.literal('AverageValue'), metadata: z.record(z.string(), z.string()), authenticationRef: z.object({ name: z.string() }).optional() });
const scaled = z.looseObject({
  scaleTargetRef: z.object({ name: z.string() }),
  minReplicaCount: z.number(),
  maxReplicaCount: z.number(),
  fallback: z.looseObject({ replicas: z.number().min(1) }),
  advanced: z.object({ horizontalPodAutoscalerConfig: z.object({ behavior: z.object({ scaleUp: z.looseObject({}), scaleDown: z.looseObject({ stabilizationWindowSeconds: z.number(), policies: z.array(z.looseObject({ value: z.number() })) }) }) }) }),
  triggers: z.array(trigger).min(1),
});

describe('scaling', () => {
  let manifests: readonly Manifest[];
  let objects: ReadonlyMap<string, z.output<typeof scaled>>;
  const of = (name: string) => objects.get(`gpt4video-${name}`) ?? scaled.parse({});

  beforeAll(async () => {
    manifests = await render('production', 'facts.prefix=blue-');
    objects = new Map(manifests.filter(({ kind }) => kind === 'ScaledObject').map(({ metadata, ['spec']: spec }) => [metadata.name, scaled.parse(spec)]));
  });

  it('every service is scaled, and its Deployment leaves the number of pods to KEDA', () => {
    expect([...objects.keys()].sort()).toEqual(SERVICES.map((name) => `gpt4video-${name}`).sort());
    for (const { spec } of deployments(manifests).values()) expect(spec.replicas).toBeUndefined();
  });

  it('follows the lag of a topic that the code has, by the group that the code consumes it with', () => {
    const followed = SERVICES.flatMap((name) => of(name).triggers.filter(({ type }) => type === 'kafka').map(({ metadata }) => [name, metadata['topic'] ?? '', metadata['consumerGroup'] ?? ''] as const));
    expect(followed.map(([name]) => name).sort()).toEqual(SERVICES.filter((name) => CATALOG[name]?.scaleOn.includes('lag')).sort());
    for (const [, prefixed, group] of followed) {
      const topic = prefixed.replace(/^blue-/, '');
      expect(prefixed).toBe(`blue-${topic}`);
      const groups: readonly string[] = isTopicName(topic) ? CONSUMER_GROUPS[topic] : [];
      expect(groups.map((known) => `blue-${known}`)).toContain(group);
    }
  });

  it('asks Prometheus only for series and labels that the code declares', async () => {
    const series = await declaredSeries();
    const asked = [...objects.values()].flatMap(({ triggers }) => triggers.flatMap(({ metadata }) => selectorsOf(metadata['query'] ?? '')));
    expect(asked.length).toBeGreaterThanOrEqual(SERVICES.length);
    for (const { metric, labels } of asked) {
      expect([...series.keys()]).toContain(metric);
      expect([...(series.get(metric) ?? []), 'namespace', 'job']).toEqual(expect.arrayContaining([...labels]));
    }
  });

  it('lets only films fall to zero', () => {
    const fallsToZero = SERVICES.filter((name) => of(name).minReplicaCount === 0);
    expect(fallsToZero).toEqual(['video-generator']);
  });

  it('takes one pod at a time, later than a film may need to be noticed, and keeps what runs when it sees nothing', () => {
    for (const { advanced, fallback, triggers } of objects.values()) {
      const { scaleDown } = advanced.horizontalPodAutoscalerConfig.behavior;
      expect(scaleDown.stabilizationWindowSeconds).toBeGreaterThanOrEqual(300);
      expect(scaleDown.policies.map(({ value }) => value)).toEqual([1]);
      expect(fallback['behavior']).toBe('currentReplicasIfHigher');
      for (const { type, metadata } of triggers) if (type === 'prometheus') expect(metadata['ignoreNullValues']).toBe('false');
    }
  });

  it('logs in to Kafka with what a Secret holds', () => {
    const login = manifests.find(({ kind }) => kind === 'TriggerAuthentication');
    expect(login?.['spec']).toEqual({ secretTargetRef: [{ parameter: 'username', name: 'gpt4video-kafka', key: 'username' }, { parameter: 'password', name: 'gpt4video-kafka', key: 'password' }] });
    for (const { triggers } of objects.values()) for (const { type, authenticationRef } of triggers) if (type === 'kafka') expect(authenticationRef).toEqual({ name: login?.metadata.name });
  });

  it('a release that takes no facts follows no lag', async () => {
    const pullOnly = await render('production', 'pullOnly=true');
    const triggers = pullOnly.filter(({ kind }) => kind === 'ScaledObject').flatMap(({ ['spec']: spec }) => scaled.parse(spec).triggers);
    expect(triggers.map(({ type }) => type)).not.toContain('kafka');
  });
});
