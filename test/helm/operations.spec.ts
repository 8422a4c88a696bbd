import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { CHART, example, helm } from './rig/helm.js';
import { MONITORING } from './rig/monitoring.js';
import { schemaOf, SERVICES } from './rig/service-schemas.js';

const ROOT = join(import.meta.dirname, '../..');
const OPERATIONS = join(ROOT, 'docs/operations');
const PAGES = [join(MONITORING, 'runbooks.md'), ...readdirSync(OPERATIONS).filter((name) => name.endsWith('.md')).map((name) => join(OPERATIONS, name))];
const VALUES = parse(readFileSync(join(CHART, 'values.yaml'), 'utf8')) as Record<string, unknown>;
const text = (path: string) => readFileSync(path, 'utf8');

describe.each(PAGES.map((path) => [path.slice(ROOT.length + 1), path]))('%s', (_, path) => {
  it('links to files and headings that exist', () => {
    for (const [, target = ''] of text(path).matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
      const [file = '', anchor] = target.split('#');
      const linked = file === '' ? path : join(dirname(path), file);
      expect({ target, there: existsSync(linked) }).toEqual({ target, there: true });
      if (anchor !== undefined) expect(headingsOf(linked)).toContain(anchor);
    }
  });

  it('sets values that the chart has', () => {
    const set = [...text(path).matchAll(/--set ([\w.{}-]+)=/g)].map(([, key = '']) => key);
    const named = [...text(path).matchAll(/`((?:services|pools|facts|objects|bundle|database|publicApi|scaling|monitoring|networkPolicies|provenance)\.[\w.{}*-]+)`/g)].map(([, key = '']) => key);
    for (const key of [...set, ...named]) expect({ key, known: isValue(key) }).toEqual({ key, known: true });
  });

  it('speaks of services, npm commands and files that exist', () => {
    for (const [, name = ''] of text(path).matchAll(/(?:deploy[ /]gpt4video-|scaledobject gpt4video-|component=)([a-z][a-z-]+)/g)) expect(SERVICES).toContain(name);
    const { scripts } = JSON.parse(text(join(ROOT, 'package.json'))) as { scripts: Record<string, string> };
    for (const [, name = ''] of text(path).matchAll(/npm run ([\w:]+)/g)) expect(Object.keys(scripts)).toContain(name);
    for (const [, file = ''] of text(path).matchAll(/(?:--values|-f) ((?:helm|deploy)\/\S+)/g)) expect({ file, there: existsSync(join(ROOT, file)) }).toEqual({ file, there: true });
  });
});

it('every page of the folder is in its index', () => {
  for (const path of PAGES) if (!path.endsWith('README.md') && path.startsWith(OPERATIONS)) expect(text(join(OPERATIONS, 'README.md'))).toContain(`(${path.slice(OPERATIONS.length + 1)})`);
});

it('a canary runs the stages of the answer beside the first release, and takes no facts', async () => {
  const { ok, stdout, stderr } = await helm('template', 'next', CHART, '--namespace', 'gpt4video', '--values', example('production'), '--values', example('canary'));
  expect({ ok, stderr: stderr.includes('Error') }).toEqual({ ok: true, stderr: false });
  const names = [...stdout.matchAll(/^kind: Deployment\nmetadata:\n {2}name: (\S+)/gm)].map(([, name]) => name);
  expect(names.sort()).toEqual(['abstractor', 'clip-encoder', 'dialogue', 'gateway'].map((name) => `next-gpt4video-${name}`));
  expect(stdout).toContain('{name: GPT4VIDEO_SAFETY_ADDRESS, value: "gpt4video-safety:50051"}');
  expect(stdout.match(/GPT4VIDEO_EVENT_BUS, value: in-process/g)).toHaveLength(2);
  expect(stdout).not.toContain('kind: PriorityClass');
});

function isValue(key: string): boolean {
  const path = key.split('.').map((name) => (name === '{name}' || name === '*' ? undefined : name));
  const config = path.indexOf('config');
  if (config >= 0 && path[0] === 'services') return path[config + 1] === undefined || (path[1] === undefined ? SERVICES : [path[1]]).some((service) => Object.keys(schemaOf(service).shape).includes(path[config + 1] ?? ''));
  let at: unknown = VALUES;
  for (const name of path) {
    if (typeof at !== 'object' || at === null) return false;
    const members = at as Record<string, unknown>;
    if (name !== undefined && !Object.hasOwn(members, name)) return path[0] === 'services' && name === 'memory';
    at = name === undefined ? Object.values(members)[0] : members[name];
  }
  return true;
}

function headingsOf(path: string): readonly string[] {
  return [...text(path).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase().replace(/[^\w -]/g, '').replaceAll(' ', '-'));
}
