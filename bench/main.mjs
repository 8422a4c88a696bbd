// `npm run bench [-- name …]`: runs each measurement in a process of its own and writes bench/results/<date>.json and docs/benchmarks.md.
// A measurement prints one JSON object on its last line: { title, rows: [{ what, value, unit, against?, ratio?, aim? }], notes? }.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const MEASUREMENTS = ['frame-sampling', 'encode', 'conversation'];

const wanted = process.argv.slice(2);
const names = wanted.length > 0 ? wanted : MEASUREMENTS;
const reports = [];
for (const name of names) reports.push({ name, ...(await measure(name)) });

const machine = { node: process.version, processors: cpus().length, model: cpus()[0]?.model ?? '', memoryGiB: Math.round(totalmem() / 2 ** 30), date: new Date().toISOString() };
mkdirSync(join(here, 'results'), { recursive: true });
writeFileSync(join(here, 'results', `${machine.date.slice(0, 10)}.json`), `${JSON.stringify({ machine, reports }, null, 2)}\n`);
const page = markdown(machine, reports);
if (wanted.length === 0) writeFileSync(join(here, '..', 'docs', 'benchmarks.md'), page);
process.stdout.write(page);

function measure(name) {
  const script = join(here, `${name}.mjs`);
  if (!existsSync(script)) throw new Error(`there is no measurement "${name}"; choose from ${MEASUREMENTS.join(', ')}`);
  process.stderr.write(`· measuring ${name}\n`);
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve(JSON.parse(output.trim().split('\n').at(-1))) : reject(new Error(`${name} ended with ${code}`))));
  });
}

function markdown({ node, processors, model, memoryGiB, date }, all) {
  const head = `# Benchmarks\n\nWritten by \`npm run bench\` on ${date.slice(0, 10)}: Node ${node}, ${processors} × ${model}, ${memoryGiB} GiB. Ratios come from one run of both sides; differences under 15 % are noise on a shared machine.\n`;
  return `${head}${all.map(section).join('')}`;
}

function section({ title, rows, notes = [] }) {
  const lines = rows.map(({ what, value, unit, against = '', ratio, aim = '' }) => `| ${what} | ${round(value)} ${unit} | ${against} | ${ratio === undefined ? '' : round(ratio)} | ${aim} |`);
  return `\n## ${title}\n\n| what | measured | against | ratio | aim |\n| --- | --- | --- | --- | --- |\n${lines.join('\n')}\n${notes.map((note) => `\n${note}\n`).join('')}`;
}

function round(value) {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-US') : Number(value.toPrecision(3));
}
