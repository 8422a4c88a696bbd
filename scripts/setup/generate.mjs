import { join } from 'node:path';
import { digestOf, isStamped, runStep, writeStamp } from './step.mjs';

/** Generates the protobuf code, unless the protos are those of the last time. */
export async function generate(root, env) {
  const digest = digestOf(root, ['proto', 'buf.yaml', 'buf.gen.yaml', 'package-lock.json']);
  const stamp = join(root, 'libs', 'contracts', 'src', 'gen', '.generated');
  if (isStamped(stamp, digest)) return;
  await runStep('generating code from proto/', 'buf', ['generate'], { cwd: root, env });
  writeStamp(stamp, digest);
}
