// Gathers what runs: node assemble.mjs FOLDER. Built code, production packages, the pinned Node, licences. Run from the root after `npm prune --omit=dev`.
import { cpSync, existsSync, mkdirSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Packages that build and check, which the root lists among its dependencies because a first `npm start` builds; and `node`, whose binary goes to bin/. */
const LEFT_OUT = ['.bin', '.cache', 'node', 'nx', '@nx', '@swc', '@bufbuild/buf', 'typescript', 'ts-proto', 'dprint-node', '@types'];
/** Binaries of systems that no image is made for. */
const OTHER_SYSTEMS = /^node_modules\/onnxruntime-node\/bin\/[^/]+\/(darwin|win32)$/;
const FILES = ['package.json', 'LICENSE', 'sbom.cdx.json'];

const [, , out] = process.argv;
if (out === undefined) {
  process.stderr.write('usage: node deploy/assemble.mjs FOLDER\n');
  process.exit(2);
}
rmSync(out, { recursive: true, force: true });
for (const group of ['apps', 'libs']) for (const project of readdirSync(group)) copyProject(group, project);
cpSync('node_modules', join(out, 'node_modules'), { recursive: true, verbatimSymlinks: true, filter: (path) => !isLeftOut(path) });
mkdirSync(join(out, 'bin'));
cpSync(realpathSync(join('node_modules', 'node', 'bin', 'node')), join(out, 'bin', 'node'), { dereference: true });
for (const file of FILES) if (existsSync(file)) cpSync(file, join(out, file));

function copyProject(group, project) {
  const from = join(group, project);
  for (const part of ['package.json', 'dist', 'bin']) if (existsSync(join(from, part))) cpSync(join(from, part), join(out, from, part), { recursive: true });
}

function isLeftOut(path) {
  return OTHER_SYSTEMS.test(path) || LEFT_OUT.some((name) => path === join('node_modules', name) || (name === '@bufbuild/buf' && path.startsWith(join('node_modules', `${name}-`))));
}
