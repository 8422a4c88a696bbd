import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hadolintProgram } from '@gpt4video/testing/servers/hadolint';
import { parse } from 'yaml';
import { CHART } from './rig/helm.js';
import { type Instruction, instructionsOf, stagesOf } from './rig/dockerfile.js';
import { deployments, render } from './rig/manifests.js';
import { SERVICES } from './rig/service-schemas.js';

const ROOT = join(import.meta.dirname, '../..');
const INSTRUCTIONS = instructionsOf(readFileSync(join(ROOT, 'deploy/Dockerfile'), 'utf8'));
const STAGES = stagesOf(INSTRUCTIONS);
const IMAGES = ['service', 'service-cuda'];

describe('deploy/Dockerfile', () => {
  it('leaves hadolint, and ShellCheck in it, nothing to say', async () => {
    const { status, stdout, stderr } = spawnSync(await hadolintProgram(), ['--no-color', 'deploy/Dockerfile'], { cwd: ROOT, encoding: 'utf8' });
    expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: '' });
  }, 120_000);

  it('begins every stage with an image that is pinned by digest, an earlier stage, or nothing', () => {
    const bases = new Map(INSTRUCTIONS.filter(({ keyword, stage }) => keyword === 'ARG' && stage === undefined).map(({ text }) => text.split('=') as [string, string]));
    const earlier = new Set(['scratch']);
    for (const { name, from } of STAGES) {
      const image = from.replace(/^\$\{(\w+)\}$/, (_, variable: string) => bases.get(variable) ?? '');
      if (!earlier.has(image)) expect(image).toMatch(/^[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}$/);
      expect(image).not.toContain(':latest');
      earlier.add(name);
    }
  });

  it.each(IMAGES)('%s runs as the user that the chart demands, with the ports that the chart opens', async (name) => {
    const own = INSTRUCTIONS.filter(({ stage }) => stage === name);
    const pod = deployments(await render('minimal')).get('gateway')?.spec.template.spec;
    const { runAsUser, runAsGroup } = pod?.securityContext ?? {};
    expect(last(own, 'USER')).toBe(`${String(runAsUser)}:${String(runAsGroup)}`);
    expect(last(own, 'EXPOSE').split(' ').map(Number)).toEqual(pod?.containers[0]?.ports.map(({ containerPort }) => containerPort).sort((a, b) => a - b));
    expect(JSON.parse(last(own, 'ENTRYPOINT'))).toEqual(['node', '/app/main.js']);
    // Nothing is written after the user was given up.
    const from = own.findIndex(({ keyword }) => keyword === 'USER');
    expect(own.slice(from).map(({ keyword }) => keyword)).not.toContain('RUN');
  });

  it('leaves the choice of GPUs to the device plugin', () => {
    expect(INSTRUCTIONS.filter(({ text }) => text.includes('NVIDIA_VISIBLE_DEVICES'))).toEqual([]);
  });

  it('runs the entry that each service has, and the one of the migrations', async () => {
    for (const name of SERVICES) expect(existsSync(join(ROOT, 'apps', name, 'src/main.ts'))).toBe(true);
    const [job] = (await render('minimal')).filter(({ kind }) => kind === 'Job');
    expect(JSON.stringify(job)).toContain('apps/gateway/dist/migration-main.js');
    expect(existsSync(join(ROOT, 'apps/gateway/src/migration-main.ts'))).toBe(true);
  });

  it('mounts models where the image of models has them', async () => {
    const copied = INSTRUCTIONS.filter(({ stage, keyword }) => stage === 'models' && keyword === 'COPY').map(({ text }) => text.split(' ').at(-1));
    const [container] = deployments(await render('minimal')).get('dialogue')?.spec.template.spec.containers ?? [];
    const { mountPath = '' } = container?.volumeMounts.find(({ name }) => name === 'models') ?? {};
    const value = (name: string) => container?.env.find((variable) => variable.name === name)?.value;
    expect([value('GPT4VIDEO_BUNDLE_FOLDER'), value('GPT4VIDEO_MODEL_CACHE')]).toEqual(copied.map((path) => `${mountPath}${path}`));
  });

  it('sends the builder what its commands read, and no more than that', () => {
    const sent = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n').filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    for (const path of sent) expect({ path, there: existsSync(join(ROOT, path)) }).toEqual({ path, there: true });
    const read = INSTRUCTIONS.filter(({ keyword }) => keyword === 'RUN').flatMap(({ text }) => [...text.matchAll(/\bnode (deploy\/\S+)/g)].map(([, path]) => path));
    expect(read.length).toBeGreaterThan(1);
    expect(sent).toEqual(expect.arrayContaining(read));
    expect(sent.filter((path) => ['node_modules', '.git', 'test', 'training', 'helm', 'docs'].includes(path))).toEqual([]);
  });

  it('keeps every package that running code imports', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { dependencies: Record<string, string>; devDependencies: Record<string, string> };
    const dropped = [...Object.keys(devDependencies), 'nx', '@swc/core', '@swc/cli', '@bufbuild/buf', 'typescript', 'ts-proto'];
    const imports = ['apps', 'libs'].flatMap((group) => readdirSync(join(ROOT, group)).filter((project) => !['web', 'testing'].includes(project)).flatMap((project) => importsOf(join(ROOT, group, project, 'src'))));
    expect(Object.keys(dependencies)).toEqual(expect.arrayContaining(['node']));
    expect([...new Set(imports.filter(([, name]) => dropped.includes(name)).map(([file, name]) => `${file}: ${name}`))]).toEqual([]);
  });
});

it('the chart and the package have one version', () => {
  const chart = parse(readFileSync(join(CHART, 'Chart.yaml'), 'utf8')) as { version: string; appVersion: string };
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  expect(chart).toMatchObject({ version, appVersion: version });
});

function last(instructions: readonly Instruction[], keyword: string): string {
  return instructions.filter((instruction) => instruction.keyword === keyword).at(-1)?.text ?? '';
}

function importsOf(folder: string): readonly (readonly [file: string, name: string])[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.includes('spec-support'));
  return files.flatMap((file) => {
    const source = readFileSync(join(folder, file), 'utf8');
    return [...source.matchAll(/^import (?!type )[^;]*?from '([^.][^']*)'/gms)].map(([, path = '']) => [file, path.split('/').slice(0, path.startsWith('@') ? 2 : 1).join('/')] as const);
  });
}
