// The tables of docs/operations/telemetry.md, made from the declarations in the code.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SPAN_ATTRIBUTES, SPAN_EVENTS } from '@gpt4video/platform/span-attributes';

const PROJECTS = ['apps/gateway', 'apps/frame-extractor', 'apps/clip-encoder', 'apps/abstractor', 'apps/dialogue', 'apps/safety', 'apps/video-generator', 'libs/platform', 'libs/adapters'];

/** The tables by the name between the page's markers. */
export const TABLES = {
  metrics: async () => (await declaredTables()).map(({ of, metrics }) => `### Metrics of ${of}\n\n${metricTable(Object.values(metrics))}`).join('\n\n'),
  attributes: () => table(['attribute', 'what it holds'], rowsOf(SPAN_ATTRIBUTES)),
  events: () => table(['event', 'what it tells'], rowsOf(SPAN_EVENTS)),
};

/** The page with every table between `<!-- made: NAME -->` and `<!-- end -->` made anew. Throws for a table that no marker asks for, and for an empty one. */
export async function refreshed(page) {
  let text = page;
  for (const [name, make] of Object.entries(TABLES)) {
    const marked = new RegExp(`(<!-- made: ${name} -->\n)[\\s\\S]*?(<!-- end -->)`);
    if (!marked.test(text)) throw new Error(`the page has no place for the table "${name}": <!-- made: ${name} --> … <!-- end -->`);
    const made = await make();
    if (made === '') throw new Error(`nothing was found for the table "${name}"; is everything built?`);
    text = text.replace(marked, (_, begin, end) => `${begin}\n${made}\n\n${end}`);
  }
  return text;
}

/** Every table that the built code declares, by who emits it. */
async function declaredTables() {
  const tables = [];
  for (const project of PROJECTS) {
    for (const file of declaringFiles(project)) {
      const exported = await import(new URL(`../../${project}/dist/${file}`, import.meta.url));
      const declared = Object.values(exported).filter((value) => Object.values(value ?? {}).every((metric) => /^gpt4video_/.test(metric?.name)) && Object.keys(value ?? {}).length > 0);
      const of = project.startsWith('apps/') ? project.slice('apps/'.length) : `every service (${file.replace(/\.js$/, '')})`;
      for (const metrics of declared) tables.push({ of, metrics });
    }
  }
  return tables;
}

function declaringFiles(project) {
  const files = readdirSync(join(project, 'dist'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js') && !file.endsWith('.spec.js'));
  return files.filter((file) => /export const \w+ = declareMetrics\(/.test(readFileSync(join(project, 'dist', file), 'utf8'))).toSorted();
}

function metricTable(metrics) {
  return table(
    ['metric', 'type', 'labels', 'what it tells'],
    metrics.map(({ name, type, labels = [], help }) => [code(name), type, labels.map(code).join(', '), help]),
  );
}

function rowsOf(declared) {
  return Object.entries(declared).map(([name, meaning]) => [code(name), meaning]);
}

function table(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function code(text) {
  return `\`${text}\``;
}
