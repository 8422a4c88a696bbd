import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');

interface Result {
  readonly name: string;
  readonly rule: string;
  readonly spoke: readonly string[];
}

describe('the layer rules report planted violations', () => {
  let results: readonly Result[] = [];

  beforeAll(async () => {
    const { stdout } = await run(process.execPath, ['test/architecture/planted-violations.mjs'], { cwd: root, env: { ...process.env, NX_DAEMON: 'false' }, maxBuffer: 1 << 24 });
    results = JSON.parse(stdout.slice(stdout.indexOf('[{'))) as Result[];
  }, 120_000);

  it('reports every one, by the rule that is meant for it', () => {
    const silent = results.filter(({ rule, spoke }) => !spoke.includes(rule));
    expect(silent).toEqual([]);
    expect(results.length).toBeGreaterThanOrEqual(20);
  });
});

describe('the file-level rules report planted violations', () => {
  const TREE: Record<string, string> = {
    'libs/model/src/frames/a.ts': "import { b } from './b.js';\nexport const a = b;\n",
    'libs/model/src/frames/b.ts': "import { a } from './a.js';\nexport const b = a;\n",
    'libs/model/src/clip/sideways.ts': "import { softmax } from '../language/softmax.js';\nexport const c = softmax;\n",
    'libs/model/src/language/softmax.ts': 'export const softmax = 1;\n',
    'libs/model/src/tensor/io.ts': "import { readFileSync } from 'node:fs';\nexport const d = readFileSync;\n",
    'apps/abstractor/src/core/neighbour.ts': "import { encode } from '../../../clip-encoder/src/core/encode.js';\nexport const e = encode;\n",
    'apps/clip-encoder/src/core/encode.ts': 'export const encode = 1;\n',
  };
  let tree = '';

  beforeAll(async () => {
    tree = await mkdtemp(join(tmpdir(), 'planted-'));
    await writeFile(join(tree, 'tsconfig.json'), '{"compilerOptions":{"module":"NodeNext","moduleResolution":"NodeNext"}}');
    for (const [path, code] of Object.entries(TREE)) {
      await mkdir(dirname(join(tree, path)), { recursive: true });
      await writeFile(join(tree, path), code);
    }
  });
  afterAll(() => rm(tree, { recursive: true, force: true }));

  it('names the cycle, the sideways import, the builtin and the neighbour app', async () => {
    const depcruise = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
    const failure = await run(process.execPath, [depcruise, 'libs', 'apps', '--config', join(root, '.dependency-cruiser.cjs'), '--output-type', 'json'], { cwd: tree, maxBuffer: 1 << 24 }).catch((error: unknown) => error as { stdout: string });
    const { summary } = JSON.parse(failure.stdout) as { summary: { violations: { rule: { name: string } }[] } };
    const rules = new Set(summary.violations.map(({ rule }) => rule.name));
    expect([...rules].sort()).toEqual(['apps-do-not-import-apps', 'model-domains-stay-apart', 'no-cycles', 'pure-code-has-no-io']);
  });
});
