import { example, CHART, helm } from './rig/helm.js';
import { type Manifest, manifestsOf, render } from './rig/manifests.js';
import { faultsOfPod, podsOf } from './rig/pod-security.js';
import { SERVICES } from './rig/service-schemas.js';

const EXAMPLES = ['minimal', 'production', 'mig', 'cpu-only', 's3-bundle'];

describe('Pod Security "restricted"', () => {
  const faultsOf = (manifests: readonly Manifest[]) => podsOf(manifests).flatMap(([name, spec]) => faultsOfPod(spec).map((fault) => `${name}: ${fault}`));

  it.each(EXAMPLES)('is kept by every container of %s, those of the hook and of init too', async (name) => {
    const manifests = await render(name);
    expect(podsOf(manifests).map(([pod]) => pod).sort()).toEqual(['Job gpt4video-migration', ...SERVICES.map((service) => `Deployment gpt4video-${service}`)].sort());
    expect(faultsOf(manifests)).toEqual([]);
    for (const [pod, spec] of podsOf(manifests)) expect({ pod, spec }).toMatchObject({ spec: { automountServiceAccountToken: false, enableServiceLinks: false } });
  });

  it('is kept by a canary', async () => {
    const { stdout } = await helm('template', 'next', CHART, '--values', example('production'), '--values', example('canary'));
    expect(podsOf(manifestsOf(stdout))).toHaveLength(4);
    expect(faultsOf(manifestsOf(stdout))).toEqual([]);
  });

  const kept = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };
  const own = { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } };
  const pod = { securityContext: kept, containers: [{ name: 'a', securityContext: own }] };

  it.each<[string, object, string]>([
    ['nothing said', { containers: [{ name: 'a' }] }, 'a may run as root'],
    ['root by number', { ...pod, containers: [{ name: 'a', securityContext: { ...own, runAsUser: 0 } }] }, 'a may run as root'],
    ['a container that takes back what its pod says', { ...pod, containers: [{ name: 'a', securityContext: { ...own, runAsNonRoot: false } }] }, 'a may run as root'],
    ['an init container with more rights', { ...pod, initContainers: [{ name: 'b', securityContext: { ...own, allowPrivilegeEscalation: true } }] }, 'b may gain privileges'],
    ['a capability more', { ...pod, containers: [{ name: 'a', securityContext: { ...own, capabilities: { drop: ['ALL'], add: ['SYS_ADMIN'] } } }] }, 'a keeps capabilities'],
    ['an unconfined seccomp', { ...pod, containers: [{ name: 'a', securityContext: { ...own, seccompProfile: { type: 'Unconfined' } } }] }, 'a has no seccomp profile'],
    ['a folder of the host', { ...pod, volumes: [{ name: 'v', hostPath: { path: '/' } }] }, 'volume v is a hostPath'],
    ['a port of the host', { ...pod, containers: [{ name: 'a', securityContext: own, ports: [{ hostPort: 80 }] }] }, 'a has a port of the host'],
    ['processes of the host', { ...pod, hostPID: true }, 'hostPID'],
    ['a root file system to write', { ...pod, containers: [{ name: 'a', securityContext: { ...own, readOnlyRootFilesystem: false } }] }, 'a writes its root file system'],
  ])('is broken by %s', (_, spec, fault) => {
    expect(faultsOfPod(pod)).toEqual([]);
    expect(faultsOfPod(spec)).toContain(fault);
  });

  it('is looked for in every kind that runs pods', () => {
    const cron = { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'c', labels: {}, annotations: {} }, ['spec']: { jobTemplate: { spec: { template: { spec: { containers: [{ name: 'a' }] } } } } } };
    expect(faultsOf([cron])).toContain('CronJob c: a may run as root');
  });
});
