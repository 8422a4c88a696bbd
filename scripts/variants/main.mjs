// npm run variants: the shipped language model at every precision that `gpt4video models import --precision` knows, quality and cost side
// by side, into docs/models/language-variants.md. Each variant runs in a process of its own; float32 comes first, the others are held against it.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { modelCacheFolder, sourcePath } from '@gpt4video/adapters/bundle/model-cache';
import { PRECISIONS } from '@gpt4video/model/assembly/linear-layer';
import { page } from './page.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bundle = join(root, 'models/cartoon');
const manifest = JSON.parse(await readFile(join(bundle, 'bundle.json'), 'utf8'));
const base = sourcePath(modelCacheFolder({ HOME: homedir(), ...process.env }), manifest.language.base);
const order = ['float32', ...PRECISIONS.filter((precision) => precision !== 'float32')];

const work = await mkdtemp(join(tmpdir(), 'gpt4video-variants-'));
const rows = [];
try {
  for (const precision of order) {
    process.stderr.write(`· ${precision}\n`);
    rows.push(await measure({ precision, base, adapter: join(bundle, manifest.language.adapter.path), work, reference: join(work, 'float32.opinions') }));
  }
} finally {
  await rm(work, { recursive: true, force: true });
}
const text = page(rows, { node: process.version, date: new Date().toISOString().slice(0, 10) });
await writeFile(join(root, 'docs/models/language-variants.md'), text);
process.stdout.write(text);

function measure(options) {
  const child = spawn(process.execPath, [...process.execArgv, join(root, 'scripts/variants/one-variant.mjs'), JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve(JSON.parse(output)) : reject(new Error(`${options.precision} ended with ${code}`))));
  });
}
