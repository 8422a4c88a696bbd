import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bound } from './verdict.mjs';

const docs = fileURLToPath(new URL('../../../docs/models/', import.meta.url));
const results = join(docs, 'parity');

/** Keeps a check's result, docs/models/parity/<name>.json, and writes the page anew from all that are kept. */
export function keep(name, result) {
  mkdirSync(results, { recursive: true });
  writeFileSync(join(results, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  writePage();
}

/** Writes docs/models/parity.md from the kept results. */
export function writePage() {
  const kept = readdirSync(results).filter((file) => file.endsWith('.json')).sort();
  const sections = kept.map((file) => section(file.replace('.json', ''), JSON.parse(readFileSync(join(results, file), 'utf8'))));
  writeFileSync(join(docs, 'parity.md'), `${INTRODUCTION}${sections.join('')}`);
}

/** Rows as text, one a line, for the terminal. */
export function lines(name, { rows, seconds, peakMiB }) {
  return rows.map((row) => [name, row.what, row.geometry, figure(row.difference), bound(row), seconds.toFixed(1), peakMiB.toFixed(0)]);
}

const INTRODUCTION = `# Parity with the reference implementations

Written by \`npm run parity\`. Each check makes a checkpoint of the published geometry, imports it as a published one would be, runs it on
ONNX Runtime (CPU, float32) and compares with what the reference implementation in Python computed from the same checkpoint. Neither side
stores weights or inputs: both compute them from the tensors' names ([generated-values.ts](../../libs/model/src/random/generated-values.ts),
[weights.py](../../training/parity/weights.py)). The reference's outputs are in \`test/fixtures/parity/\`, written by the script that each
section names. A small geometry of every check runs in \`npm test\`.

A difference is the largest absolute one over some thousand values spread over the whole output; sum and norm of all values are compared
too. Seconds and peak memory are those of the whole check: making the checkpoint, importing, running.
`;

function section(name, { title, script, date, node, rows, seconds, peakMiB }) {
  const body = rows.map((row) => `| ${row.what} | ${row.geometry} | ${figure(row.difference)} | ${bound(row)} |`).join('\n');
  const facts = `\`npm run parity -- ${name}\`, ${date}, Node ${node}, ${seconds.toFixed(0)} s, peak memory ${peakMiB.toFixed(0)} MiB. Reference: \`${script}\`.`;
  return `\n## ${title}\n\n${facts}\n\n| what | geometry | difference | bound |\n| --- | --- | --- | --- |\n${body}\n`;
}

function figure(difference) {
  return difference === 0 ? '0' : Number.isInteger(difference) ? `${difference}` : difference.toExponential(1);
}
