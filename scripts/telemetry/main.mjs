// `npm run telemetry`: writes the tables of docs/operations/telemetry.md from the declarations in the code. With --check it writes nothing and fails when the page is out of date.
import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import { refreshed } from './tables.mjs';

const PAGE = 'docs/operations/telemetry.md';
const page = readFileSync(PAGE, 'utf8');
const made = await refreshed(page);

if (made !== page && process.argv.includes('--check')) {
  process.stderr.write(`${PAGE} is out of date; run: npm run telemetry\n`);
  process.exitCode = 1;
} else {
  writeFileSync(PAGE, made);
}
