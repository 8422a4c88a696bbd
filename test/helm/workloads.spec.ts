import { DRAIN_PHASES } from '@gpt4video/platform/drain';
import { loadConfig, variablesOf } from '@gpt4video/platform/config';
import { type Container, deployments, type Manifest, render, type Workload } from './rig/manifests.js';
import { schemaOf, SERVICES } from './rig/service-schemas.js';

const EXAMPLES = ['minimal', 'production', 'mig', 'cpu-only', 's3-bundle'];

describe.each(EXAMPLES)('the example %s', (example) => {
  let manifests: readonly Manifest[];
  let found: ReadonlyMap<string, Workload>;

  beforeAll(async () => {
    manifests = await render(example);
    found = deployments(manifests);
  });

  it('runs every service', () => {
    expect([...found.keys()].sort()).toEqual([...SERVICES].sort());
  });

  it.each(SERVICES)('gives %s an environment that it accepts and knows', (name) => {
    const schema = schemaOf(name);
    const { env } = mainContainer(found, name);
    const known = variablesOf(schema);
    expect(env.map((variable) => variable.name).filter((variable) => !known.includes(variable))).toEqual([]);
    const values = Object.fromEntries(env.map((variable) => [variable.name, variable.value ?? standIn(variable.name)]));
    expect(() => loadConfig(name, schema, values)).not.toThrow();
  });

  it.each(SERVICES)('lets %s write where it can: in /tmp', (name) => {
    const { env } = mainContainer(found, name);
    const values = Object.fromEntries(env.map((variable) => [variable.name, variable.value ?? standIn(variable.name)]));
    const folders = Object.entries(loadConfig(name, schemaOf(name), values)).filter(([field]) => /(Folder|Cache|Directory)$/.test(field) && field !== 'objectFolder');
    for (const [field, folder] of folders) expect({ field, folder }).toEqual({ field, folder: expect.stringMatching(/^\/(models|tmp|app)\//) as unknown });
  });

  it('keeps secrets by reference', () => {
    const inline = [...found.keys()].flatMap((name) => {
      const sensitive = new Set(sensitiveVariables(name));
      return mainContainer(found, name).env.filter((variable) => sensitive.has(variable.name) && variable.valueFrom?.secretKeyRef === undefined);
    });
    expect(inline).toEqual([]);
    expect(mainContainer(found, 'gateway').env.some(({ valueFrom }) => valueFrom?.secretKeyRef !== undefined)).toBe(true);
  });

  it('gives every pod more time than its shutdown may take', () => {
    for (const [name, { spec }] of found) {
      const container = mainContainer(found, name);
      const drainMs = Number(container.env.find((variable) => variable.name === 'GPT4VIDEO_DRAIN_MS')?.value);
      const preStop = container.lifecycle?.preStop.sleep.seconds ?? Number.NaN;
      expect(spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(preStop + (DRAIN_PHASES.length * drainMs) / 1_000);
    }
  });

  it('asks probes that the process answers', () => {
    for (const name of found.keys()) {
      const { startupProbe, readinessProbe, livenessProbe, ports, env } = mainContainer(found, name);
      const port = (of: string) => ports.find((entry) => entry.name === of)?.containerPort;
      const value = (of: string) => Number(env.find((variable) => variable.name === of)?.value);
      expect(startupProbe?.httpGet).toEqual({ path: '/health/ready', port: 'health' });
      expect(livenessProbe?.httpGet).toEqual({ path: '/health/live', port: 'health' });
      expect(port('health')).toBe(value('GPT4VIDEO_HEALTH_PORT'));
      expect(readinessProbe?.grpc?.port).toBe(value('GPT4VIDEO_GRPC_PORT'));
      expect(port('grpc')).toBe(value('GPT4VIDEO_GRPC_PORT'));
    }
  });
});

describe('where pods run', () => {
  const LIMITS: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
    minimal: { 'clip-encoder': 'nvidia.com/gpu', dialogue: 'nvidia.com/gpu', 'video-generator': 'nvidia.com/gpu', gateway: undefined },
    mig: { 'clip-encoder': 'nvidia.com/mig-1g.10gb', safety: 'nvidia.com/mig-1g.10gb', dialogue: undefined, gateway: undefined },
    'cpu-only': { 'clip-encoder': undefined, dialogue: undefined, 'video-generator': undefined },
  };

  it.each(Object.entries(LIMITS))('%s: each service has its kind of GPU', async (example, expected) => {
    const found = deployments(await render(example));
    const got = Object.keys(expected).map((name) => [name, Object.keys(mainContainer(found, name).resources.limits).find((key) => key.startsWith('nvidia.com/'))]);
    expect(Object.fromEntries(got)).toEqual(expected);
  });

  it('each service computes on what its pool gives, with an image that holds it', async () => {
    const found = deployments(await render('minimal', 'services.safety.pool=cpu', 'pools.llm.executionProviders={cuda,cpu}'));
    const of = (name: string) => {
      const { env, image } = mainContainer(found, name);
      const value = env.find((variable) => variable.name === 'GPT4VIDEO_EXECUTION_PROVIDERS')?.value;
      return [value, image.endsWith('-cuda')];
    };
    expect(['clip-encoder', 'dialogue', 'safety', 'frame-extractor'].map(of)).toEqual([['cuda', true], ['cuda,cpu', true], ['cpu', false], [undefined, false]]);
  });

  it('pods of a GPU pool go to its nodes and tolerate their taint', async () => {
    const found = deployments(await render('production'));
    const pools = { 'clip-encoder': 'encode', abstractor: 'encode', safety: 'encode', dialogue: 'llm', 'video-generator': 't2v' };
    for (const [name, pool] of Object.entries(pools)) {
      const spec = found.get(name)?.spec.template.spec;
      expect(spec).toMatchObject({ nodeSelector: { 'gpu.pool': pool }, tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }] });
    }
    expect(found.get('gateway')?.spec.template.spec.nodeSelector).toBeUndefined();
  });

  it('a claimed GPU comes from a template that exists', async () => {
    const manifests = await render('mig');
    const templates = manifests.filter(({ kind }) => kind === 'ResourceClaimTemplate').map(({ metadata }) => metadata.name);
    const pod = deployments(manifests).get('dialogue')?.spec.template.spec;
    expect(pod?.resourceClaims.map(({ resourceClaimTemplateName }) => resourceClaimTemplateName)).toEqual(['gpt4video-llm']);
    expect(templates).toEqual(expect.arrayContaining(['gpt4video-llm', 'gpt4video-t2v']));
    // Two devices for a film, as the example says.
    expect(manifests.find(({ kind, metadata }) => kind === 'ResourceClaimTemplate' && metadata.name === 'gpt4video-t2v')).toMatchObject({ spec: { spec: { devices: { requests: [{ name: 'gpu', exactly: { count: 2 } }] } } } });
    expect(pod?.containers[0]?.resources.claims).toEqual([{ name: 'gpu' }]);
  });
});

function mainContainer(found: ReadonlyMap<string, Workload>, name: string): Container {
  const container = found.get(name)?.spec.template.spec.containers[0];
  if (container === undefined) throw new Error(`the chart runs no ${name}`);
  return container;
}

/** What a Secret would hold, in the shape that the service asks for. */
function standIn(variable: string): string {
  if (variable.endsWith('_URL')) return 'postgres://user:password@database:5432/gpt4video';
  if (variable.endsWith('_CERTIFICATES') || variable === 'GPT4VIDEO_PROVENANCE_KEY') return '-----BEGIN A KEY-----';
  if (variable === 'GPT4VIDEO_WATERMARK_KEYS') return 'ab'.repeat(24);
  return 'a-secret-of-sixteen-characters';
}

function sensitiveVariables(name: string): readonly string[] {
  return Object.entries(schemaOf(name).shape)
    .filter(([, type]) => (type.meta() as { sensitive?: boolean } | undefined)?.sensitive === true)
    .map(([field]) => `GPT4VIDEO_${field.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`);
}
