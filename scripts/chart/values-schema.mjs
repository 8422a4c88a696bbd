// values.schema.json: strict everywhere, so that a misspelt key is an error and not a default.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { EXECUTION_PROVIDERS } from '@gpt4video/ports/execution';
import { address, choice, count, digest, flag, list, map, object, peer, resources, secretKey, text, toleration } from './schema-parts.mjs';
import { configSchema, SERVICE_SCHEMAS } from './service-config.mjs';

const NAME = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$';
const SERVICES = Object.keys(SERVICE_SCHEMAS);
/** What each service's replicas can follow. */
const TARGETS = {
  gateway: { turns: count(1) },
  dialogue: { calls: count(1) },
  'video-generator': { queued: count(1), queuedSeconds: count(1) },
};
const STAGE_TARGETS = { lag: count(1), calls: count(1) };
/** Services that others call: only of those must one be told where they run. */
const CALLED = new Set(Object.values(parse(readFileSync('helm/gpt4video/catalog.yaml', 'utf8'))).flatMap(({ calls = {} }) => Object.values(calls)));

const pool = object({
  nodeSelector: map(text()),
  tolerations: list(toleration),
  gpu: object({ kind: choice('none', 'device', 'mig', 'claim'), count: count(1, 16), profile: text('^([1-9]g\\.[0-9]+gb(\\.me|\\+me)?)?$'), deviceClass: text(), selector: text() }),
  executionProviders: { ...list(choice(...EXECUTION_PROVIDERS)), minItems: 1, uniqueItems: true },
  rollout: object({ maxSurge: count(), maxUnavailable: count() }),
});

function service(name) {
  // Someone waits for every service but the film worker, so only that one may be scaled to nothing.
  const fewest = name === 'video-generator' ? 0 : 1;
  return object({
    enabled: flag,
    ...(CALLED.has(name) && { address }),
    pool: text(NAME),
    replicas: object({ min: count(fewest), max: count(1) }),
    drainMs: count(1_000),
    startSeconds: count(10),
    priority: choice('interactive', 'batch'),
    target: object(TARGETS[name] ?? STAGE_TARGETS),
    resources,
    config: configSchema(name),
  });
}

const PROPERTIES = {
  image: object({ registry: text(), tag: text(), digests: object(Object.fromEntries(SERVICES.map((name) => [name, digest]))), gpuSuffix: text(), pullPolicy: choice('IfNotPresent', 'Always', 'Never'), pullSecrets: list(text(NAME)) }),
  bundle: object({
    source: choice('oci', 'claim', 's3'),
    oci: object({ reference: text(), pullPolicy: choice('IfNotPresent', 'Always', 'Never') }),
    claim: object({ name: text(), subPath: text() }),
    s3: object({ sha256: text('^([0-9a-f]{64})?$'), bucket: text('^[a-z0-9][-.a-z0-9]{2,62}$'), secret: text(), size: text('^[0-9]+(Mi|Gi)$') }),
  }),
  database: object({ urlSecret: secretKey, port: count(1, 65_535), migrate: flag }),
  facts: object({
    brokers: list(text('^[^\\s:,]+:[0-9]+$')),
    prefix: text('^[a-z0-9._-]*$'),
    partitions: count(1, 10_000),
    replication: count(-1, 9),
    tls: flag,
    sasl: object({ secret: text(), usernameKey: text(), passwordKey: text(), mechanism: choice('plain', 'scram-sha-256', 'scram-sha-512') }),
  }),
  objects: object({ endpoint: text('^(https?://[^\\s/]+)?$'), bucket: text('^[a-z0-9][-.a-z0-9]{2,62}$'), region: text(), pathStyle: flag, secret: text(), accessKeyKey: text(), secretKeyKey: text() }),
  provenance: object({ secret: text() }),
  publicApi: object({
    host: text(),
    gateway: object({ name: text(), namespace: text() }),
    ingressClass: text(),
    tlsSecret: text(),
    canary: object({ release: text(), weight: count(0, 100) }),
    bootstrapKeySecret: secretKey,
    adminKeySecret: secretKey,
  }),
  scaling: object({ enabled: flag, prometheus: text(), quietSeconds: count(0, 3_600), idleSeconds: count(60) }),
  pullOnly: flag,
  networkPolicies: object({
    enabled: flag,
    peers: object(Object.fromEntries(['dns', 'monitoring', 'clients', 'database', 'objects', 'facts', 'telemetry'].map((name) => [name, list(peer)]))),
    insideCidrs: list(text('^[0-9.]+/[0-9]+$')),
  }),
  monitoring: object({ enabled: flag, labels: map(text()), runbooks: text('^(https?://.+)?$') }),
  telemetry: object({ otlpEndpoint: text(), traceRatio: { type: 'number', minimum: 0, maximum: 1 }, logLevel: choice('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent') }),
  pools: map(pool, NAME),
  services: object(Object.fromEntries(SERVICES.map((name) => [name, service(name)]))),
  preStopSeconds: count(1, 120),
  tmpSize: text('^[0-9]+(Mi|Gi)$'),
  hostSpread: choice('ScheduleAnyway', 'DoNotSchedule'),
  priorityClasses: object({ create: flag, interactive: text(NAME), batch: text(NAME) }),
};

/** The schema of values.yaml. */
export function valuesSchema() {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $comment: 'Written by npm run chart; change scripts/chart/values-schema.mjs.',
    ...object({ ...PROPERTIES, global: { type: 'object', description: "Helm's own, for a chart that holds this one." } }),
  };
}
