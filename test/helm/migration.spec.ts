import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { migrationSchema } from '@gpt4video/gateway/config';
import { loadConfig, variablesOf } from '@gpt4video/platform/config';
import { z } from 'zod';
import { type Manifest, render, workloads } from './rig/manifests.js';

const ROOT = join(import.meta.dirname, '../..');
const policy = z.object({ podSelector: z.object({ matchLabels: z.record(z.string(), z.string()) }), egress: z.array(z.object({ ports: z.array(z.object({ port: z.number() })) })) });

describe('the hook that brings the tables up to date', () => {
  let manifests: readonly Manifest[];
  const jobsOf = (all: readonly Manifest[]) => workloads(all).filter(({ kind }) => kind === 'Job');
  const policiesOf = (all: readonly Manifest[]) => all.filter(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'gpt4video-migration').map(({ ['spec']: spec }) => policy.parse(spec));

  beforeAll(async () => void (manifests = await render('production')));

  it('runs before the first pod, once for an install or upgrade, and is gone when it is done', () => {
    expect(jobsOf(manifests).map(({ metadata }) => metadata.annotations)).toEqual([{ 'helm.sh/hook': 'pre-install,pre-upgrade', 'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded' }]);
  });

  it('is a program that exists, with an environment that it accepts and knows', () => {
    const [container] = jobsOf(manifests)[0]?.spec.template.spec.containers ?? [];
    const [node, entry = ''] = container?.command ?? [];
    expect([node, existsSync(join(ROOT, entry.replace('/dist/', '/src/').replace(/\.js$/, '.ts')))]).toEqual(['node', true]);
    const env = container?.env ?? [];
    expect(env.map(({ name }) => name).filter((name) => !variablesOf(migrationSchema).includes(name))).toEqual([]);
    const values = Object.fromEntries(env.map(({ name, value, valueFrom }) => [name, value ?? `postgres://from/${valueFrom?.secretKeyRef?.name}/${valueFrom?.secretKeyRef?.key}`]));
    expect(loadConfig('migration', migrationSchema, values)).toMatchObject({ databaseUrl: 'postgres://from/gpt4video-database/uri', logLevel: 'info' });
  });

  it('may reach the database and nothing else', () => {
    const labels = jobsOf(manifests)[0]?.spec.template.metadata.labels ?? {};
    expect(policiesOf(manifests).map(({ podSelector: { matchLabels }, egress }) => [Object.entries(matchLabels).every(([key, value]) => labels[key] === value), egress.flatMap(({ ports }) => ports.map(({ port }) => port))])).toEqual([[true, [5_432]]]);
  });

  it.each([
    ['nobody wants it', ['database.migrate=false']],
    ['the gateway runs elsewhere', ['services.gateway.enabled=false', 'services.gateway.address=other-gateway:50051']],
  ])('is not there where %s, nor is a rule for it', async (_, sets) => {
    const without = await render('production', ...sets);
    expect([jobsOf(without), policiesOf(without)]).toEqual([[], []]);
  });
});
