// npm run parity [-- name …] [--small]: the product's models against the reference implementations, without Python.
// Every scripts/parity/<name>.mjs is a check: it exports `title` and `run({ geometry: 'small' | 'full', folder, log })`, which may fill
// the folder with files and returns rows { what, geometry, difference, tolerance } or, where things must differ, { …, atLeast }.
// Prints a table, fails when a row does not hold, and keeps full results in docs/models/parity.md.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { keep, lines } from './harness/report.mjs';
import { holds } from './harness/verdict.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const checks = readdirSync(here)
  .filter((file) => file.endsWith('.mjs') && file !== 'main.mjs')
  .map((file) => file.replace('.mjs', ''))
  .sort();
const args = process.argv.slice(2);
const geometry = args.includes('--small') ? 'small' : 'full';
const wanted = args.filter((arg) => !arg.startsWith('--'));
const unknown = wanted.find((name) => !checks.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`parity: there is no check "${unknown}"; choose from ${checks.join(', ')}\n`);
  process.exit(2);
}

const table = [['check', 'what', 'geometry', 'max abs diff', 'bound', 'seconds', 'peak MiB']];
let failed = 0;
for (const name of wanted.length > 0 ? wanted : checks) {
  process.stderr.write(`· ${name}, ${geometry} geometry\n`);
  try {
    const result = await check(name);
    table.push(...lines(name, result));
    failed += result.rows.filter((row) => !holds(row)).length + (result.rows.length === 0 ? 1 : 0);
    if (geometry === 'full') keep(name, { ...result, script: `training/parity/${name.replaceAll('-', '_')}.py`, date: new Date().toISOString().slice(0, 10), node: process.version });
  } catch (error) {
    table.push([name, error.message, geometry, '-', '-', '-', '-']);
    failed += 1;
  }
}
print(table);
process.stdout.write(`\n${table.length - 1 - failed} hold, ${failed} fail\n`);
process.exitCode = failed === 0 ? 0 : 1;

function check(name) {
  const child = spawn(process.execPath, [`${here}harness/one-check.mjs`, name, geometry], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve(JSON.parse(output.trim().split('\n').at(-1))) : reject(new Error(`the check ended with ${code}`))));
  });
}

function print(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) process.stdout.write(`${row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd()}\n`);
}
