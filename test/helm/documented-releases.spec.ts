import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { carriedOut, releaseCommands, setsOf } from './rig/documented-releases.js';
import { deployments, type Manifest, render } from './rig/manifests.js';

const ROOT = join(import.meta.dirname, '../..');
const PAGES = [...readdirSync(join(ROOT, 'docs/operations')).filter((name) => name.endsWith('.md')).map((name) => `docs/operations/${name}`), 'deploy/monitoring/runbooks.md'];
const CHANGES = releaseCommands(...PAGES).filter((command) => command.words.includes('upgrade'));
const route = z.looseObject({ rules: z.array(z.looseObject({ backendRefs: z.array(z.object({ name: z.string(), weight: z.number() })) })) });

describe('a command of the pages that changes the release', () => {
  it('keeps what was given, takes the defaults of the chart at hand, and is told the namespace once', () => {
    expect(CHANGES.length).toBeGreaterThan(7);
    for (const { words } of CHANGES) expect(words).toContain('--reset-then-reuse-values');
    expect(readFileSync(join(ROOT, 'docs/operations/README.md'), 'utf8')).toContain('`export HELM_NAMESPACE=gpt4video`');
  });

  it.each(CHANGES.filter(({ words }) => words.includes('--set') || words.includes('--values')).map((command) => [`${command.page}: ${command.words.slice(5).join(' ')}`, command] as const))('%s: is taken by the chart and changes something', async (_, command) => {
    // What is reset must have been set before.
    const before = setsOf(command).some((pair) => pair.endsWith('=')) ? ['publicApi.canary.release=next-gpt4video', 'publicApi.canary.weight=5'] : [];
    expect(await carriedOut(command, before)).not.toEqual(await render('production', ...before));
  });

  it('that asks for more pods asks for more than the chart does', async () => {
    const most = (manifests: readonly Manifest[], name: string) => Number((manifests.find(({ kind, metadata }) => kind === 'ScaledObject' && metadata.name === `gpt4video-${name}`)?.['spec'] as Record<string, unknown>)['maxReplicaCount']);
    const plain = await render('production');
    const raised = CHANGES.flatMap((command) => setsOf(command).flatMap((pair) => [...pair.matchAll(/^services\.([\w-]+)\.replicas\.max=/g)].map(([, name = '']) => ({ command, name }))));
    expect(raised.length).toBeGreaterThan(1);
    for (const { command, name } of raised) expect(most(await carriedOut(command), name)).toBeGreaterThan(most(plain, name));
  });
});

describe('a bundle on trial, as its page types it', () => {
  const [trial, share, forward, back] = releaseCommands('docs/operations/bundles.md');
  const sharesOf = (manifests: readonly Manifest[]) => manifests.filter(({ kind }) => kind === 'HTTPRoute').flatMap(({ ['spec']: spec }) => route.parse(spec).rules.flatMap(({ backendRefs }) => backendRefs.map(({ name, weight }) => [name, weight])));
  const bundleOf = (manifests: readonly Manifest[]) => [...new Set([...deployments(manifests).values()].map(({ spec }) => JSON.stringify(spec.template.spec.volumes.find(({ name }) => name === 'models'))))];
  const NEW = [expect.stringContaining(`@sha256:${'a'.repeat(64)}`)];

  it('runs beside the first release with the new bundle', async () => {
    const made = await carriedOut(trial ?? fail());
    expect(trial?.words.slice(1, 3)).toEqual(['install', 'next']);
    expect(bundleOf(made)).toEqual(NEW);
    expect(sharesOf(made)).toEqual([]);
  });

  it('gets five of a hundred requests', async () => {
    expect(sharesOf(await carriedOut(share ?? fail()))).toEqual([['gpt4video-gateway-http', 95], ['next-gpt4video-gateway-http', 5]]);
  });

  it('forward: is the bundle of the first release, which answers everything', async () => {
    const made = await carriedOut(forward ?? fail(), setsOf(share ?? fail()));
    expect(bundleOf(made)).toEqual(NEW);
    expect(sharesOf(made)).toEqual([['gpt4video-gateway-http', 100]]);
  });

  it('back: the first release answers everything with the bundle that it had', async () => {
    const made = await carriedOut(back ?? fail(), setsOf(share ?? fail()));
    expect(bundleOf(made)).toEqual(bundleOf(await render('production')));
    expect(sharesOf(made)).toEqual([['gpt4video-gateway-http', 100]]);
  });
});

function fail(): never {
  throw new Error('docs/operations/bundles.md has lost a command');
}
