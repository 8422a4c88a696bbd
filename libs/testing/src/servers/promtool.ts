import { rename, rm, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { installOnce, type Installation } from './install-once.js';
import { findTool, runTool } from './run-tool.js';

const REMEDY = 'Prometheus with its promtool (Debian: apt-get install prometheus)';
const APT = { program: 'apt-get', remedy: REMEDY };
const DPKG = { program: 'dpkg-deb', remedy: REMEDY };

/** Only unpacked, so that it needs no rights and starts nothing; apt checks the package's signature. */
const PROMTOOL_INSTALLATION: Installation = {
  name: 'promtool',
  version: 'debian',
  cost: 'about 30 MB from the Debian mirror',
  install: async (folder) => {
    await runTool(APT, ['download', 'prometheus'], { cwd: folder });
    const [packed = ''] = await readdir(folder);
    await runTool(DPKG, ['-x', packed, 'unpacked'], { cwd: folder });
    await rename(join(folder, 'unpacked', 'usr', 'bin', 'promtool'), join(folder, 'promtool'));
    await rm(join(folder, packed));
    await rm(join(folder, 'unpacked'), { recursive: true });
  },
};

/** Path of promtool: the one on the PATH, or one unpacked from the distribution's package. Rejects saying what to install. */
export async function promtoolProgram(): Promise<string> {
  const installed = await findTool({ program: 'promtool', remedy: REMEDY }).catch(() => undefined);
  return installed ?? join(await installOnce(PROMTOOL_INSTALLATION), 'promtool');
}
