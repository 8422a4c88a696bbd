import { operatorSchemas } from '@gpt4video/testing/servers/operator-schemas';
import { CustomResources } from './rig/custom-resources.js';
import { type Manifest, render } from './rig/manifests.js';

const GROUPS = ['keda.sh/', 'monitoring.coreos.com/', 'gateway.networking.k8s.io/'];

describe('what the operators themselves say of their objects, unknown fields included', () => {
  let resources: CustomResources;
  let manifests: readonly Manifest[];

  beforeAll(async () => {
    resources = new CustomResources(await operatorSchemas());
    const all = await render('production', 'publicApi.canary.release=next-gpt4video', 'publicApi.canary.weight=5');
    manifests = all.filter(({ apiVersion }) => GROUPS.some((group) => apiVersion.startsWith(group)));
  }, 120_000);

  it('KEDA, the Prometheus operator and the Gateway API accept what the chart makes', () => {
    const kinds = [...new Set(manifests.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`))];
    expect(kinds.sort()).toEqual([...resources.kinds].sort().filter((kind) => !kind.includes('v1beta1')));
    expect(manifests.flatMap(resources.faultsOf)).toEqual([]);
  });

  it.each([
    ['ScaledObject', { spec: { scaleTargetRef: { name: 'x' }, triggers: [{ type: 'kafka', metadata: {} }], minReplicas: 1 } }, 'minReplicas'],
    ['ScaledObject', { spec: { scaleTargetRef: { name: 'x' }, triggers: [{ type: 'kafka', metadata: { lagThreshold: 5 } }] } }, 'must be string'],
    ['PodMonitor', { spec: { selector: {}, podMetricsEndpoints: [{ port: 'health', intervall: '15s' }] } }, 'intervall'],
    ['HTTPRoute', { spec: { rules: [{ backendRefs: [{ name: 'x', port: 80, weight: -1 }] }] } }, '>= 0'],
  ])('a mistake in a %s is seen (%#)', (kind, changed, says) => {
    const manifest = manifests.find((each) => each.kind === kind);
    expect(manifest).toBeDefined();
    expect(resources.faultsOf({ ...(manifest as Manifest), ...changed }).join('\n')).toContain(says);
  });
});
