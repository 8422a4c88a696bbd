import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { kubernetesSchemas } from '@gpt4video/testing/servers/kubernetes-schemas';
import { type Manifest, render } from './rig/manifests.js';

const EXAMPLES = ['minimal', 'production', 'mig', 'cpu-only', 's3-bundle'];
/** Kinds of operators, whose schemas Kubernetes does not have. */
const FOREIGN = ['keda.sh/', 'monitoring.coreos.com/', 'gateway.networking.k8s.io/'];

describe('what Kubernetes itself says of the objects, unknown fields included', () => {
  let releases: ReadonlyMap<string, Release>;

  beforeAll(async () => {
    releases = new Map([...(await kubernetesSchemas())].map(([name, folder]) => [name, new Release(folder)]));
  }, 300_000);

  it.each(EXAMPLES)('%s is accepted by the oldest and the newest release', async (example) => {
    const own = (await render(example)).filter(({ apiVersion }) => !FOREIGN.some((group) => apiVersion.startsWith(group)));
    expect(own.length).toBeGreaterThan(30);
    for (const [release, { faultsOf }] of releases) expect({ release, faults: own.flatMap(faultsOf) }).toEqual({ release, faults: [] });
  }, 120_000);

  it('a misspelt field and a kind that is gone are seen', () => {
    const { faultsOf } = [...releases.values()].at(-1) ?? new Release('');
    const disruption: Manifest = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'x', labels: {}, annotations: {} }, ['spec']: { maxUnavailble: 1 } };
    expect(faultsOf(disruption)).toEqual([expect.stringContaining('additional properties')]);
    expect(faultsOf({ ...disruption, apiVersion: 'policy/v1beta1' })).toEqual([expect.stringContaining('no kind of Kubernetes')]);
  });
});

/** The schemas of one release. */
class Release {
  // The schemas speak of formats and keywords that only servers know.
  private readonly ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  private readonly known = new Map<string, ValidateFunction>();

  constructor(private readonly folder: string) {
    this.ajv.addSchema(this.read('_definitions.json'), 'https://kubernetes.io/api/_definitions.json');
  }

  readonly faultsOf = (manifest: Manifest): readonly string[] => {
    const file = schemaFile(manifest);
    if (!existsSync(join(this.folder, file))) return [`${manifest.kind} of ${manifest.apiVersion} is no kind of Kubernetes`];
    const validate = this.known.get(file) ?? this.ajv.compile(this.read(file));
    this.known.set(file, validate);
    validate(manifest);
    return (validate.errors ?? []).map(({ instancePath, message }) => `${manifest.kind} ${manifest.metadata.name} ${instancePath} ${message}`);
  };

  private read(file: string): object {
    return JSON.parse(readFileSync(join(this.folder, file), 'utf8')) as object;
  }
}

/** `deployment-apps-v1.json`, `service-v1.json`: kind, the first word of the group, version. */
function schemaFile({ apiVersion, kind }: Manifest): string {
  const [group = '', version = group] = apiVersion.split('/');
  const first = apiVersion.includes('/') ? `${group.split('.')[0]}-` : '';
  return `${kind}-${first}${version}.json`.toLowerCase();
}
