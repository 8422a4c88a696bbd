import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { renderText } from './helm.js';

const labels = z.record(z.string(), z.string());

const manifest = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), labels: labels.default({}), annotations: labels.default({}) }),
});

/** One Kubernetes object. */
export type Manifest = z.output<typeof manifest>;

const probe = z.looseObject({ periodSeconds: z.number(), failureThreshold: z.number(), httpGet: z.looseObject({ path: z.string(), port: z.string() }).optional(), grpc: z.looseObject({ port: z.number() }).optional() });

const container = z.looseObject({
  name: z.string(),
  image: z.string(),
  command: z.array(z.string()).optional(),
  env: z.array(z.looseObject({ name: z.string(), value: z.string().optional(), valueFrom: z.looseObject({ secretKeyRef: z.object({ name: z.string(), key: z.string() }).optional() }).optional() })).default([]),
  securityContext: z.looseObject({}),
  resources: z.looseObject({ limits: z.record(z.string(), z.union([z.string(), z.number()])).default({}), claims: z.array(z.object({ name: z.string() })).default([]) }),
  ports: z.array(z.looseObject({ name: z.string(), containerPort: z.number() })).default([]),
  volumeMounts: z.array(z.looseObject({ name: z.string(), mountPath: z.string() })).default([]),
  startupProbe: probe.optional(),
  readinessProbe: probe.optional(),
  livenessProbe: probe.optional(),
  lifecycle: z.object({ preStop: z.object({ sleep: z.object({ seconds: z.number() }) }) }).optional(),
});

const podSpec = z.looseObject({
  containers: z.array(container),
  initContainers: z.array(container).default([]),
  securityContext: z.looseObject({}),
  volumes: z.array(z.looseObject({ name: z.string() })).default([]),
  terminationGracePeriodSeconds: z.number().optional(),
  nodeSelector: labels.optional(),
  tolerations: z.array(z.looseObject({})).default([]),
  priorityClassName: z.string().optional(),
  automountServiceAccountToken: z.boolean(),
  resourceClaims: z.array(z.looseObject({ name: z.string(), resourceClaimTemplateName: z.string() })).default([]),
});

const workload = manifest.extend({
  spec: z.looseObject({ replicas: z.number().optional(), template: z.looseObject({ metadata: z.looseObject({ labels, annotations: labels.default({}) }), spec: podSpec }) }),
});

/** A Deployment or a Job. */
export type Workload = z.output<typeof workload>;

/** A container of a pod. */
export type Container = z.output<typeof container>;

/** Every object that the chart makes of an example. */
export async function render(name: string, ...sets: readonly string[]): Promise<readonly Manifest[]> {
  return manifestsOf(await renderText(name, ...sets));
}

/** The objects of a rendered text. */
export function manifestsOf(text: string): readonly Manifest[] {
  return parseAllDocuments(text).map((document) => document.toJS() as unknown).filter((value) => value !== null).map((value) => manifest.parse(value));
}

/** The Deployments among the objects, by the service's name. */
export function deployments(manifests: readonly Manifest[]): ReadonlyMap<string, Workload> {
  return new Map(workloads(manifests).filter(({ kind }) => kind === 'Deployment').map((found) => [found.metadata.labels['app.kubernetes.io/component'] ?? '', found]));
}

/** Everything that runs pods. */
export function workloads(manifests: readonly Manifest[]): readonly Workload[] {
  return manifests.filter(({ kind }) => kind === 'Deployment' || kind === 'Job').map((found) => workload.parse(found));
}
