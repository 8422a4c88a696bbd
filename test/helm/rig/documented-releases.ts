import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type DocumentedCommand, documentedCommands } from './documented-commands.js';
import { renderValues } from './helm.js';
import { type Manifest, manifestsOf } from './manifests.js';
import { exampleValues, merged, type Values } from './values.js';

const ROOT = join(import.meta.dirname, '../../..');
const VALUE_FLAGS = ['--values', '--set'];

/** The commands of pages that install or change a release, in their order. */
export function releaseCommands(...pages: readonly string[]): readonly DocumentedCommand[] {
  return pages.flatMap((page) => documentedCommands(page, textOf(page))).filter(({ words: [program, verb, , chart] }) => program === 'helm' && ['install', 'upgrade'].includes(verb ?? '') && chart === 'helm/gpt4video');
}

/** What a command makes of the example "production"; where the page writes `…`, a digest stands. Throws Helm's own words when the chart refuses. */
export async function carriedOut({ page, words: [, , release = '', , ...flags] }: DocumentedCommand, before: readonly string[] = []): Promise<readonly Manifest[]> {
  const given = flags.map((word) => word.replace('…', 'a'.repeat(64)));
  const pairs = given.flatMap((flag, index) => (VALUE_FLAGS.includes(flag) ? [[flag, given[index + 1] ?? ''] as const] : []));
  const files = pairs.filter(([flag]) => flag === '--values').map(([, file]) => valuesOf(file, page));
  const sets = [...before, ...pairs.filter(([flag]) => flag === '--set').map(([, pair]) => pair)];
  const { ok, stdout, stderr } = await renderValues(files.reduce(merged, exampleValues('production')), { release, args: sets.flatMap((pair) => ['--set', pair]) });
  if (!ok) throw new Error(`${page}: ${flags.join(' ')}: ${stderr}`);
  return manifestsOf(stdout);
}

/** The `--set` pairs of a command. */
export function setsOf({ words: all }: DocumentedCommand): readonly string[] {
  return all.flatMap((word, index) => (all[index - 1] === '--set' ? [word] : []));
}

/** Values of a file that a command names: one of the repository, the one that the page shows, or the person's own, which `production` stands for. */
function valuesOf(file: string, page: string): Values {
  if (file.startsWith('helm/')) return parse(textOf(file)) as Values;
  const [, shown] = /^```yaml\n([\s\S]*?)^```/m.exec(textOf(page)) ?? [];
  return file === 'values.yaml' || shown === undefined ? {} : (parse(shown) as Values);
}

const textOf = (path: string) => readFileSync(join(ROOT, path), 'utf8');
