import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, isStamped, runStep, writeStamp } from './step.mjs';

/** Builds every project with Nx, unless no source changed since the last time. */
export async function build(root, env) {
  const projects = ['libs', 'apps'].flatMap((group) => readdirSync(join(root, group)).map((name) => join(group, name)));
  const sources = projects.flatMap((project) => ['src', 'package.json', 'index.html', 'vite.config.ts'].map((name) => join(project, name)));
  const digest = digestOf(root, [...sources, '.swcrc', 'nx.json', 'package-lock.json']);
  const stamp = join(root, '.nx', 'built');
  const built = projects.filter((project) => existsSync(join(root, project, 'src'))).every((project) => existsSync(join(root, project, 'dist')));
  if (built && isStamped(stamp, digest)) return;
  await runStep('building', 'nx', ['run-many', '-t', 'build', '--parallel=2', '--output-style=static'], { cwd: root, env });
  writeStamp(stamp, digest);
}
