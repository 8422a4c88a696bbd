import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { loadConfig, variablesOf } from '@gpt4video/platform/config';
import { SERVICE_NAMES, SERVICES } from '@gpt4video/testing/cluster/services';
import { promtoolProgram } from '@gpt4video/testing/servers/promtool';
import { parse } from 'yaml';
import { schemaOf } from '../helm/rig/service-schemas.js';

interface ComposeService {
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly build?: { readonly dockerfile: string; readonly args: { readonly APP: string } };
  readonly volumes?: readonly string[];
}
interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const deploy = resolve(import.meta.dirname, '../../deploy');

/** The file as compose reads it where no variable is set. */
async function readCompose(): Promise<Compose> {
  const text = await readFile(resolve(deploy, 'compose.yaml'), 'utf8');
  return parse(text.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1'), { merge: true }) as Compose;
}

describe('compose.yaml', () => {
  let compose: Compose;
  const environmentOf = (name: string): Record<string, string> => Object.fromEntries(Object.entries(compose.services[name]?.environment ?? {}).map(([variable, value]) => [variable, String(value)]));

  beforeAll(async () => {
    compose = await readCompose();
  });

  it.each(SERVICE_NAMES)('tells %s what its own schema accepts, and nothing that it does not know', (name) => {
    const environment = environmentOf(name);
    expect(() => loadConfig(name, schemaOf(name), environment)).not.toThrow();
    expect(Object.keys(environment).filter((variable) => !variablesOf(schemaOf(name)).includes(variable))).toEqual([]);
    expect(compose.services[name]?.build).toMatchObject({ dockerfile: 'deploy/Dockerfile', args: { APP: name } });
  });

  it.each(SERVICE_NAMES)('sends the calls of %s to the services that it calls, where they listen', (name) => {
    const environment = environmentOf(name);
    for (const [variable, callee] of Object.entries(SERVICES[name].calls)) {
      const { grpcPort } = loadConfig(callee, schemaOf(callee), environmentOf(callee)) as { grpcPort: number };
      expect([variable, environment[variable]]).toEqual([variable, `${callee}:${grpcPort}`]);
    }
    expect(environment['GPT4VIDEO_EVENT_BUS']).toBe(SERVICES[name].facts ? 'kafka' : undefined);
    expect(environment['GPT4VIDEO_OBJECT_STORE']).toBe(SERVICES[name].objects ? 's3' : undefined);
  });

  it('keeps the data of every server in a volume that it declares', () => {
    const named = Object.values(compose.services).flatMap(({ volumes = [] }) => volumes.map((volume) => volume.split(':')[0] ?? '').filter((source) => /^[a-z]+$/.test(source)));
    expect(new Set(named)).toEqual(new Set(Object.keys(compose.volumes)));
  });
});

describe('prometheus.yml', () => {
  it('scrapes every service on its port for probes, by a configuration that promtool accepts', async () => {
    const text = await readFile(resolve(deploy, 'prometheus.yml'), 'utf8');
    const { rule_files: named, scrape_configs: jobs } = parse(text) as { rule_files: string[]; scrape_configs: { job_name: string; dns_sd_configs: { names: string[]; port: number }[] }[] };
    expect(new Set(jobs.map(({ job_name: name }) => name))).toEqual(new Set(SERVICE_NAMES));
    for (const { job_name: name, dns_sd_configs: [found] } of jobs) expect(found).toMatchObject({ names: [name], port: 9090 });
    const rules = await Promise.all(['rules', 'alerts'].map(async (folder) => (await readdir(resolve(deploy, 'monitoring', folder))).map((file) => `monitoring/${folder}/${file}`)));
    expect(named).toEqual(rules.flat().filter((path) => path.endsWith('.yaml') && !path.endsWith('.test.yaml')).sort((a, b) => named.indexOf(a) - named.indexOf(b)));
    const { stdout } = await promisify(execFile)(await promtoolProgram(), ['check', 'config', resolve(deploy, 'prometheus.yml')]);
    expect(stdout).toContain('is valid prometheus config file syntax');
  });
});
