import { z } from 'zod';
import type { Manifest } from './manifests.js';

const security = z.looseObject({}).default({});
const profile = z.looseObject({ type: z.string() }).optional();
const capabilities = z.object({ add: z.array(z.string()).default([]), drop: z.array(z.string()).default([]) }).default({ add: [], drop: [] });

const container = z.looseObject({
  name: z.string(),
  securityContext: z.looseObject({ capabilities, seccompProfile: profile }).default({ capabilities: { add: [], drop: [] } }),
  ports: z.array(z.looseObject({ hostPort: z.number().optional() })).default([]),
});

const pod = z.looseObject({
  containers: z.array(container),
  initContainers: z.array(container).default([]),
  ephemeralContainers: z.array(container).default([]),
  securityContext: security,
  volumes: z.array(z.looseObject({ name: z.string() })).default([]),
});

/** Volumes of the standard "restricted", and images, which Kubernetes counts among them since it mounts them read-only. */
const VOLUMES = ['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'image', 'persistentVolumeClaim', 'projected', 'secret'];
const SECCOMP = ['RuntimeDefault', 'Localhost'];

/** Names of the objects that run pods, of whatever kind, with the pods that they make. */
export function podsOf(manifests: readonly Manifest[]): readonly (readonly [name: string, spec: unknown])[] {
  return manifests.flatMap((manifest) => podSpecs(manifest).map((spec) => [`${manifest.kind} ${manifest.metadata.name}`, spec] as const));
}

/** What the Pod Security standard "restricted" forbids of a pod, a capability that it would allow, and a root file system that can be written; each with where. */
export function faultsOfPod(spec: unknown): readonly string[] {
  const { containers, initContainers, ephemeralContainers, securityContext: context, volumes, ...rest } = pod.parse(spec);
  const shared = ['hostNetwork', 'hostPID', 'hostIPC', 'hostUsers'].filter((field) => (field === 'hostUsers' ? rest[field] === true : rest[field] !== undefined && rest[field] !== false));
  const mounted = volumes.flatMap(({ name, ...source }) => Object.keys(source).filter((kind) => !VOLUMES.includes(kind)).map((kind) => `volume ${name} is a ${kind}`));
  const sysctls = context['sysctls'] === undefined ? [] : ['sysctls are set'];
  return [...shared, ...mounted, ...sysctls, ...[...initContainers, ...containers, ...ephemeralContainers].flatMap((each) => faultsOfContainer(each, context))];
}

function faultsOfContainer({ name, securityContext: own, ports }: z.output<typeof container>, podContext: Readonly<Record<string, unknown>>): readonly string[] {
  // What a container does not say, its pod says for it.
  const both: Readonly<Record<string, unknown>> = { ...podContext, ...own };
  const seccomp = own.seccompProfile?.type ?? profile.parse(podContext['seccompProfile'])?.type ?? '';
  const rules: readonly (readonly [fault: string, broken: boolean])[] = [
    ['may run as root', both['runAsNonRoot'] !== true || both['runAsUser'] === 0],
    ['may gain privileges', own['allowPrivilegeEscalation'] !== false || own['privileged'] === true],
    ['keeps capabilities', !own.capabilities.drop.includes('ALL') || own.capabilities.add.length > 0],
    ['has no seccomp profile', !SECCOMP.includes(seccomp)],
    ['has a port of the host', ports.some(({ hostPort = 0 }) => hostPort !== 0)],
    ['sees another /proc', own['procMount'] !== undefined && own['procMount'] !== 'Default'],
    ['has its own AppArmor or SELinux', both['appArmorProfile'] !== undefined || both['seLinuxOptions'] !== undefined],
    ['writes its root file system', own['readOnlyRootFilesystem'] !== true],
  ];
  return rules.filter(([, broken]) => broken).map(([fault]) => `${name} ${fault}`);
}

/** Specs of pods wherever they lie in an object: a Pod's own, a template's, a template's in a template. */
function podSpecs(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap(podSpecs);
  if (typeof value !== 'object' || value === null) return [];
  const found = 'containers' in value && Array.isArray(value.containers) ? [value] : [];
  return [...found, ...Object.values(value).flatMap(podSpecs)];
}
