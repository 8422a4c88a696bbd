import { videoGeneratorSchema } from '@gpt4video/video-generator/config';
import { gatewaySchema } from '@gpt4video/gateway/config';
import { z } from 'zod';
import { deployments, type Manifest, render, type Workload } from './rig/manifests.js';
import { SERVICES } from './rig/service-schemas.js';

const labels = z.record(z.string(), z.string());
const selector = z.object({ matchLabels: labels });
const budget = z.object({ maxUnavailable: z.number(), unhealthyPodEvictionPolicy: z.string(), selector });
const spread = z.object({ topologySpreadConstraints: z.array(z.object({ maxSkew: z.number(), topologyKey: z.string(), whenUnsatisfiable: z.string(), labelSelector: selector })) });

describe('a pod that must go', () => {
  let manifests: readonly Manifest[];
  let found: ReadonlyMap<string, Workload>;
  const podLabels = (name: string) => found.get(name)?.spec.template.metadata.labels ?? {};
  /** Services whose pods a selector takes. */
  const selected = (wanted: Readonly<Record<string, string>>) => SERVICES.filter((name) => Object.entries(wanted).every(([key, value]) => podLabels(name)[key] === value));

  beforeAll(async () => {
    manifests = await render('production');
    found = deployments(manifests);
  });

  it.each(SERVICES)('of %s goes alone', (name) => {
    const own = manifests.filter(({ kind, metadata }) => kind === 'PodDisruptionBudget' && metadata.name === `gpt4video-${name}`).map(({ ['spec']: spec }) => budget.parse(spec));
    expect(own.map(({ maxUnavailable, unhealthyPodEvictionPolicy, selector: { matchLabels } }) => [maxUnavailable, unhealthyPodEvictionPolicy, selected(matchLabels)])).toEqual([[1, 'AlwaysAllow', [name]]]);
  });

  it.each(SERVICES)('of %s leaves others on other nodes and in other zones', (name) => {
    const { topologySpreadConstraints: constraints } = spread.parse(found.get(name)?.spec.template.spec);
    expect(constraints.map(({ topologyKey }) => topologyKey)).toEqual(['topology.kubernetes.io/zone', 'kubernetes.io/hostname']);
    for (const { labelSelector, maxSkew } of constraints) expect([maxSkew, selected(labelSelector.matchLabels)]).toEqual([1, [name]]);
    expect(constraints[1]?.whenUnsatisfiable).toBe('DoNotSchedule');
  });

  it('is never one on which someone waits for the sake of a film', () => {
    const classes = new Map(manifests.filter(({ kind }) => kind === 'PriorityClass').map((each) => [each.metadata.name, each]));
    const of = (name: string) => classes.get(found.get(name)?.spec.template.spec.priorityClassName ?? '');
    for (const name of SERVICES) expect(of(name)).toBeDefined();
    expect(of('video-generator')).toMatchObject({ preemptionPolicy: 'Never' });
    const film = Number(of('video-generator')?.['value']);
    for (const name of SERVICES.filter((each) => each !== 'video-generator')) expect(Number(of(name)?.['value'])).toBeGreaterThan(film);
  });

  it('with a film in hand is taken by no autoscaler of nodes, and has time to finish it or to hand it back', () => {
    const { metadata, spec } = found.get('video-generator')?.spec.template ?? {};
    expect(metadata?.annotations).toMatchObject({ 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false', 'karpenter.sh/do-not-disrupt': 'true' });
    const drainMs = Number(spec?.containers[0]?.env.find(({ name }) => name === 'GPT4VIDEO_DRAIN_MS')?.value);
    const { releaseMs, heartbeatMs } = videoGeneratorSchema.parse({});
    const leaseMs = gatewaySchema.shape.leaseMs.parse(undefined);
    expect(releaseMs).toBeLessThan(drainMs);
    // A worker that is gone without a word is noticed, one that misses a heartbeat is not taken for gone.
    expect(heartbeatMs * 3).toBeLessThan(leaseMs);
  });
});
