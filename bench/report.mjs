// Runs measurements, each in a process of its own, and writes what they print: one JSON object on the last line,
// { title, rows: [{ what, value, unit, against?, ratio?, aim? }], notes? }.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Runs all or the wanted measurements, writes bench/results/<prefix><date>.json and, when all ran, the page. */
export async function report({ all, folder, page, heading, command, prefix = '' }) {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !all.includes(name));
  if (unknown.length > 0) throw new Error(`there is no measurement "${unknown[0]}"; choose from ${all.join(', ')}`);
  // What others do at the same time is part of every figure.
  const load = loadavg()[0];
  const reports = [];
  for (const name of wanted.length > 0 ? wanted : all) reports.push({ name, ...(await measure(join(folder, `${name}.mjs`))) });
  const machine = { node: process.version, processors: cpus().length, model: cpus()[0]?.model ?? '', memoryGiB: Math.round(totalmem() / 2 ** 30), date: new Date().toISOString(), load };
  mkdirSync(join(here, 'results'), { recursive: true });
  writeFileSync(join(here, 'results', `${prefix}${machine.date.slice(0, 10)}.json`), `${JSON.stringify({ machine, reports }, null, 2)}\n`);
  const text = markdown({ heading, command, machine }, reports);
  if (wanted.length === 0) writeFileSync(page, text);
  process.stdout.write(text);
}

function measure(script) {
  process.stderr.write(`· measuring ${script}\n`);
  const child = spawn(process.execPath, [...process.execArgv, script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve(JSON.parse(output.trim().split('\n').at(-1))) : reject(new Error(`${script} ended with ${code}`))));
  });
}

function markdown({ heading, command, machine: { node, processors, model, memoryGiB, date, load } }, all) {
  const head = `# ${heading}\n\nWritten by \`${command}\` on ${date.slice(0, 10)}: Node ${node}, ${processors} × ${model}, ${memoryGiB} GiB, load average ${load.toFixed(1)} before the start. Ratios come from one run of both sides; differences under 15 % are noise on a shared machine.\n`;
  return `${head}${all.map(section).join('')}`;
}

function section({ title, rows, notes = [] }) {
  const lines = rows.map(({ what, value, unit, against = '', ratio, aim = '' }) => `| ${what} | ${round(value)} ${unit} | ${against} | ${ratio === undefined ? '' : round(ratio)} | ${aim} |`);
  return `\n## ${title}\n\n| what | measured | against | ratio | aim |\n| --- | --- | --- | --- | --- |\n${lines.join('\n')}\n${notes.map((note) => `\n${note}\n`).join('')}`;
}

/** Three digits, as the page shows them. */
export function round(value) {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-US') : Number(value.toPrecision(3));
}
