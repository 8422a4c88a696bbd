// The chart's README: its prose, and a table for each section of values.yaml, made from the comments there.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { explainedKeys } from './values-comments.mjs';

const PROSE = 'helm/gpt4video/README.md.gotmpl';
const MARK = '{{ values }}';
/** Their members have the same keys, which the first one explains. */
const FAMILIES = ['pools', 'services'];

/** README.md. Throws naming a key of values.yaml that no comment explains. */
export function chartReadme(text) {
  const values = parse(text);
  const rows = explainedKeys(text);
  const explained = new Set(rows.filter((row) => row.text !== undefined).map(({ path }) => generic(path)));
  for (const { path, leaf, text: own } of rows) {
    if (leaf && own === undefined && !someoneExplains(path, explained)) throw new Error(`values.yaml does not explain "${path.join('.')}"; put a comment above it: # -- what it is`);
  }
  const sections = [...new Set(rows.map(({ section }) => section))];
  const tables = sections.map((section) => table(section, rows.filter((row) => row.section === section && row.text !== undefined), values));
  return readFileSync(PROSE, 'utf8').replace(MARK, () => tables.join('\n\n'));
}

/** True when the key, a key that holds it, or the keys that it holds are explained for one member of its family. */
function someoneExplains(path, explained) {
  const held = `${generic(path)}.`;
  return path.some((_, index) => explained.has(generic(path.slice(0, index + 1)))) || [...explained].some((key) => key.startsWith(held));
}

function generic([first, second, ...rest]) {
  return FAMILIES.includes(first) && second !== undefined ? [first, '{name}', ...rest].join('.') : [first, second, ...rest].filter((part) => part !== undefined).join('.');
}

function table(section, rows, values) {
  const lines = rows.map(({ path, text }) => `| \`${generic(path)}\` | ${defaultOf(path, values)} | ${text} |`);
  return [`### ${section}`, '', '| key | default | what it is |', '| --- | --- | --- |', ...lines].join('\n');
}

function defaultOf(path, values) {
  const value = JSON.stringify(path.reduce((at, name) => at[name], values));
  if (!FAMILIES.includes(path[0])) return `\`${value}\``;
  const members = Object.values(values[path[0]]).map((member) => JSON.stringify(path.slice(2).reduce((at, name) => at?.[name], member)));
  return members.every((other) => other === value) ? `\`${value}\`` : 'by name';
}
