import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Installation } from './install-once.js';
import { runTool, type Tool } from './run-tool.js';

const APT: Tool = { program: 'apt-get', remedy: 'Prometheus by hand: its package is taken from apt, which this machine has not' };
const DPKG: Tool = { program: 'dpkg-deb', remedy: 'dpkg' };
const PACKAGES = ['prometheus', 'prometheus-alertmanager'];

/**
 * Prometheus, promtool and Alertmanager from the distribution's packages, unpacked instead of installed: it takes no root and starts no
 * daemon. apt checks the packages against the distribution's signed index.
 */
export const PROMETHEUS: Installation = {
  name: 'prometheus',
  version: 'apt',
  cost: 'about 30 MB from apt',
  install: async (folder) => {
    await runTool(APT, ['download', '-qq', ...PACKAGES], { cwd: folder }).catch((error: unknown) => {
      throw new Error('apt-get cannot download prometheus and prometheus-alertmanager; run "apt-get update" first.', { cause: error });
    });
    for (const file of (await readdir(folder)).filter((name) => name.endsWith('.deb'))) {
      await runTool(DPKG, ['-x', file, '.'], { cwd: folder });
      await rm(join(folder, file));
    }
  },
};
