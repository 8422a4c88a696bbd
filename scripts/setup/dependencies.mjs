import { join } from 'node:path';
import { digestOf, isStamped, runStep, writeStamp } from './step.mjs';

/** `npm ci`, unless node_modules already is what the lock file says. */
export async function installDependencies(root) {
  const digest = digestOf(root, ['package-lock.json', 'package.json', '.npmrc']);
  const stamp = join(root, 'node_modules', '.installed');
  if (isStamped(stamp, digest)) return;
  // onnxruntime-node's install script only fetches the optional CUDA provider; the CPU provider is in the package.
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' };
  await runStep('installing dependencies (once, about a minute)', 'npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, env });
  writeStamp(stamp, digest);
}
