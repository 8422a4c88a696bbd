import { renderValues } from './rig/helm.js';
import { changed, DEFAULTS, exampleValues, leavesOf, merged, type Path, valueAt, type Values } from './rig/values.js';
import { SERVICES } from './rig/service-schemas.js';
import { otherValues, type Schema, VALUES_SCHEMA } from './rig/values-schema.js';

const POOLS = Object.keys(DEFAULTS['pools'] as Values);
const everyPool = (gpu: Values): Values => ({ pools: Object.fromEntries(POOLS.map((name) => [name, { gpu }])) });
const elsewhere = (...services: readonly string[]): Values => ({ services: Object.fromEntries(services.map((name) => [name, { enabled: false, address: `${name}.elsewhere:50051` }])) });

/** Installations in which keys have a meaning; together, every key has one in some of them. */
const INSTALLATIONS: readonly Values[] = [
  merged(exampleValues('production'), {
    image: { digests: Object.fromEntries(SERVICES.map((name) => [name, `sha256:${'1'.repeat(64)}`])) },
    bundle: { claim: { name: 'gpt4video-models' }, s3: { sha256: '0'.repeat(64) } },
    publicApi: { canary: { release: 'next', weight: 5 }, ingressClass: 'nginx', tlsSecret: 'gpt4video-tls', adminKeySecret: { name: 'gpt4video-admin' } },
    // Nine dashboards are most of the text; one installation with them is enough.
    monitoring: { enabled: false },
  }),
  merged(exampleValues('cpu-only'), { monitoring: { enabled: true, runbooks: 'https://git.example.com/runbooks' } }),
  exampleValues('s3-bundle'),
  merged(exampleValues('mig'), everyPool({ kind: 'mig', profile: '1g.10gb' })),
  merged(exampleValues('minimal'), everyPool({ kind: 'claim' })),
  // Everybody who calls a service that runs elsewhere is told where.
  merged(exampleValues('minimal'), elsewhere('frame-extractor', 'dialogue', 'safety')),
  merged(exampleValues('minimal'), elsewhere('gateway', 'abstractor')),
  merged(exampleValues('minimal'), elsewhere('clip-encoder')),
];

/** Keys that change nothing here. `global` is Helm's own: a chart that holds this one passes it down. */
const NOTHING = new Set(['global']);

const LEAVES = leavesOf(VALUES_SCHEMA, DEFAULTS).filter((path) => !NOTHING.has(path.join('.')));

describe('a value of the chart', () => {
  let plain: readonly string[];

  beforeAll(async () => {
    const runs = await Promise.all(INSTALLATIONS.map((values) => renderValues(values)));
    expect(runs.map(({ stderr }) => stderr).filter((text) => text.includes('Error'))).toEqual([]);
    plain = runs.map(({ stdout }) => stdout);
  }, 60_000);

  it.each([...new Set(LEAVES.map(([section = '']) => section))])('under %s, each with another, makes another installation', async (section) => {
    const leaves = LEAVES.filter(([first]) => first === section);
    const found = await mapped(leaves, async (path) => ((await matters(path)) ? [] : [path.join('.')]));
    expect(found.flat()).toEqual([]);
  }, 120_000);

  it('that values.yaml has is one that the schema knows', () => {
    const known = new Set(LEAVES.map((path) => path.join('.')));
    expect(leavesOf({}, DEFAULTS).map((path) => path.join('.')).filter((path) => !known.has(path) && !path.endsWith('.config') && path !== 'image.digests')).toEqual([]);
    expect(LEAVES.length).toBeGreaterThan(180);
  });

  /** True when some installation is another one with another value there. */
  async function matters(path: Path): Promise<boolean> {
    for (const [index, values] of INSTALLATIONS.entries()) {
      const value = valueAt(values, path);
      for (const other of others(path, value)) {
        const { ok, stdout } = await renderValues(changed(values, path, other));
        // What the chart refuses says nothing; the first value that it takes does.
        if (!ok) continue;
        if (stdout !== plain[index]) return true;
        break;
      }
    }
    return false;
  }
});

function others(path: Path, value: unknown): readonly unknown[] {
  // Of all names only those of pools that exist will do.
  if (path.at(-1) === 'pool') return POOLS.filter((name) => name !== value);
  return otherValues(path.reduce<Schema>((schema, key) => schema.properties?.[key] ?? (schema.additionalProperties as Schema), VALUES_SCHEMA), value);
}

/** Every item's outcome; two at a time, for each is a process. */
async function mapped<Item, Outcome>(items: readonly Item[], work: (item: Item) => Promise<Outcome>): Promise<readonly Outcome[]> {
  const lanes = [0, 1].map(async (lane) => {
    const outcomes: Outcome[] = [];
    for (const item of items.filter((_, index) => index % 2 === lane)) outcomes.push(await work(item));
    return outcomes;
  });
  return (await Promise.all(lanes)).flat();
}
