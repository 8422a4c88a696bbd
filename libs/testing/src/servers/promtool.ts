import { join } from 'node:path';
import { installOnce } from './install-once.js';
import { PROMETHEUS } from './prometheus-install.js';
import { findTool } from './run-tool.js';

/** Path of promtool: the one on the PATH, or the one that comes with our Prometheus. Rejects saying what to install. */
export async function promtoolProgram(): Promise<string> {
  const installed = await findTool({ program: 'promtool', remedy: 'Prometheus' }).catch(() => undefined);
  return installed ?? join(await installOnce(PROMETHEUS), 'usr', 'bin', 'promtool');
}
