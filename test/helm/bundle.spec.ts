import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { modelStoreSchema } from '@gpt4video/cli/config';
import { loadConfig, variablesOf } from '@gpt4video/platform/config';
import { z } from 'zod';
import { CATALOG } from './rig/catalog.js';
import { deployments, type Manifest, render, type Workload } from './rig/manifests.js';
import { SERVICES } from './rig/service-schemas.js';

const ROOT = join(import.meta.dirname, '../..');
const egress = z.object({ egress: z.array(z.object({ ports: z.array(z.object({ port: z.number() })) })).default([]) });

describe('where the bundle comes from', () => {
  const podOf = (found: ReadonlyMap<string, Workload>, name: string) => found.get(name)?.spec.template.spec;
  const modelsOf = (found: ReadonlyMap<string, Workload>, name: string) => podOf(found, name)?.volumes.find((volume) => volume.name === 'models');

  it.each([
    ['minimal', { image: expect.objectContaining({ reference: expect.stringContaining('@sha256:') as string }) as object }],
    ['mig', { persistentVolumeClaim: { claimName: 'gpt4video-models', readOnly: true } }],
    ['s3-bundle', { emptyDir: { sizeLimit: '4Gi' } }],
  ])('%s: every service has it, and none may write it', async (example, volume) => {
    const found = deployments(await render(example));
    for (const name of SERVICES) {
      expect(modelsOf(found, name)).toEqual({ name: 'models', ...volume });
      const [container] = podOf(found, name)?.containers ?? [];
      expect(container?.volumeMounts).toContainEqual({ name: 'models', mountPath: '/models', readOnly: true });
      expect(podOf(found, name)?.initContainers.length).toBe(example === 's3-bundle' ? 1 : 0);
    }
  });
});

describe('a bundle from S3', () => {
  let manifests: readonly Manifest[];
  let found: ReadonlyMap<string, Workload>;

  beforeAll(async () => {
    manifests = await render('s3-bundle');
    found = deployments(manifests);
  });

  it.each(SERVICES)('is fetched for %s by a command that exists, with variables that it takes', (name) => {
    const [init] = found.get(name)?.spec.template.spec.initContainers ?? [];
    const [node, entry, ...words] = init?.command ?? [];
    expect([node, words]).toEqual(['node', ['models', 'pull', '--published', '0'.repeat(64), '--into', '/models']]);
    expect(existsSync(join(ROOT, (entry ?? '').replace('/dist/', '/src/').replace(/\.js$/, '.ts')))).toBe(true);
    expect(variablesOf(modelStoreSchema)).toEqual(expect.arrayContaining(init?.env.map((variable) => variable.name) ?? ['none']));
    const values = Object.fromEntries((init?.env ?? []).map((variable) => [variable.name, variable.value ?? variable.valueFrom?.secretKeyRef?.name]));
    expect(loadConfig('models', modelStoreSchema, values)).toMatchObject({ modelsBucket: 'gpt4video-models', s3AccessKey: 'gpt4video-models-reader' });
    expect(init?.volumeMounts).toContainEqual({ name: 'models', mountPath: '/models' });
  });

  it('lets every service out to the object store, those too that keep nothing there', () => {
    const without = SERVICES.filter((name) => CATALOG[name]?.objects !== true);
    expect(without).toEqual(['dialogue']);
    for (const name of SERVICES) {
      const policy = manifests.find(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === `gpt4video-${name}`);
      expect(egress.parse(policy?.['spec']).egress.flatMap(({ ports }) => ports.map(({ port }) => port))).toContain(9_000);
    }
  });
});
