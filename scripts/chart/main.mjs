// `npm run chart`: writes what is made of the chart's values and of the code. With --check it writes nothing and fails when something is out of date.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartReadme } from './readme.mjs';
import { valuesSchema } from './values-schema.mjs';

const FOLDER = 'helm/gpt4video';
const MADE = {
  'values.schema.json': () => `${JSON.stringify(valuesSchema(), null, 1)}\n`,
  'README.md': () => chartReadme(readFileSync(join(FOLDER, 'values.yaml'), 'utf8')),
};

const check = process.argv.includes('--check');
const stale = Object.entries(MADE).filter(([name, make]) => !refresh(join(FOLDER, name), make()));
if (check && stale.length > 0) {
  process.stderr.write(`out of date: ${stale.map(([name]) => name).join(', ')}; run: npm run chart\n`);
  process.exitCode = 1;
}

/** True when the file was current. */
function refresh(path, content) {
  if (current(path) === content) return true;
  if (!check) writeFileSync(path, content);
  return false;
}

function current(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
