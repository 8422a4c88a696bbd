import { spawnSync } from 'node:child_process';
import { CHART, example, helm } from './rig/helm.js';

const EXAMPLES = ['minimal', 'production', 'mig', 'cpu-only', 's3-bundle'];

describe('helm lint', () => {
  it.each(EXAMPLES)('has nothing to say about the example %s', async (name) => {
    const { ok, stdout, stderr } = await helm('lint', '--strict', CHART, '--values', example(name));
    expect({ ok, said: (stdout + stderr).split('\n').filter((line) => /WARNING|ERROR/.test(line)) }).toEqual({ ok: true, said: [] });
  });
});

describe('a mistake in the values', () => {
  const template = (...sets: readonly string[]) => helm('template', 'gpt4video', CHART, '--values', example('minimal'), ...sets.flatMap((pair) => ['--set', pair]));

  it.each([
    ['a key that nothing reads', 'bundel.source=claim', 'bundel'],
    ['a field that the service does not know', 'services.clip-encoder.config.maxBatchFrame=4', 'maxBatchFrame'],
    ['a value out of its bounds', 'services.dialogue.config.threads=0', 'threads'],
    ['no pod of a service on which someone waits', 'services.dialogue.replicas.min=0', 'minimum'],
    ['an execution provider that the runtime does not know', 'pools.encode.executionProviders={gpu}', 'executionProviders'],
    ['a GPU of no known kind', 'pools.encode.gpu.kind=slice', 'kind'],
  ])('%s is refused by the schema', async (_, pair, names) => {
    const { ok, stderr } = await template(pair);
    expect(ok).toBe(false);
    expect(stderr).toContain(names);
  });

  it('films may be scaled to nothing', async () => {
    expect((await template('services.video-generator.replicas.min=0')).ok).toBe(true);
  });

  it.each([
    ['no registry', 'image.registry=', 'image:\n  registry: '],
    ['a bundle that is not pinned', 'bundle.oci.reference=registry.example.com/models:1', 'bundle:\n  oci:\n    reference: '],
    ['a claim without a name', 'bundle.source=claim', 'bundle:\n  source: claim\n  claim:\n    name: '],
    ['a bundle in S3 that nobody named', 'bundle.source=s3', 'bundle:\n  source: s3\n  s3:\n    sha256: '],
    ['no Kafka', 'facts.brokers=null', 'facts:\n  brokers: '],
    ['no object store', 'objects.secret=', 'objects:\n  endpoint: '],
    ['scaling that cannot ask', 'scaling.enabled=true', 'scaling:\n  prometheus: '],
    ['alerts without runbooks', 'monitoring.enabled=true', 'monitoring:\n  runbooks: '],
    ['a canary without the Gateway API', 'publicApi.canary.release=next', 'publicApi:\n  gateway:\n    name: '],
    ['an Ingress without a host', 'publicApi.ingressClass=nginx', 'publicApi:\n  host: '],
    ['no database', 'database.urlSecret.name=', 'database:\n  urlSecret:\n    name: '],
    ['a pool that nobody described', 'services.safety.pool=llm-large', 'pools:\n  llm-large:\n    nodeSelector: {gpu.pool: llm-large}'],
    ['MIG without a profile', 'pools.encode.gpu.kind=mig', 'pools:\n  encode:\n    gpu:\n      profile: '],
    ['CUDA where there is no GPU', 'pools.encode.gpu.kind=none', 'pools:\n  encode:\n    executionProviders: [cpu]'],
    ['a GPU that nothing computes on', 'pools.encode.executionProviders={cpu}', 'pools:\n  encode:\n    executionProviders: [cuda]'],
    ['fewer pods at most than at least', 'services.gateway.replicas.max=1', 'services:\n  gateway:\n    replicas:\n      max: 2'],
    ['a service that runs nowhere', 'services.safety.enabled=false', 'services:\n  safety:\n    enabled: false\n    address: '],
  ])('%s is refused with the lines to paste', async (_, pair, paste) => {
    const { ok, stderr } = await template(pair);
    expect(ok).toBe(false);
    expect(stderr).toContain(paste);
  });
});

it('README and schema are what the values and the code make of them', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/chart/main.mjs', '--check'], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
