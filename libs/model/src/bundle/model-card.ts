import { slotFiles } from './manifest.js';
import type { BundleManifest, BundleSlot } from './manifest.js';

/** A model card in Markdown, from the manifest alone: slots with shapes, origin and size; measured quality; licences. */
export function modelCard(manifest: BundleManifest, revision: string): string {
  const sections = [
    `# ${manifest.name}\n\nRevision \`${revision}\`. Printed by \`gpt4video models card\`.`,
    `## Slots\n\n${table(['slot', 'what it does', 'from', 'in the bundle'], slotRows(manifest))}`,
    `## Measured\n\n${table(['what', 'figure'], Object.entries(manifest.quality).flatMap(([name, value]) => figures(name, value)))}`,
    `## Licences\n\n${table(['part', 'licence', 'source'], manifest.licences.map(({ part, licence, source }) => [part, licence, source]))}`,
  ];
  return `${sections.join('\n\n')}\n`;
}

function slotRows(manifest: BundleManifest): string[][] {
  const { vision, abstractor, language, textEncoder, film, textEmbedding, textSafety, imageSafety } = manifest;
  const files = slotFiles(manifest);
  const row = (slot: BundleSlot, what: string, from = TRAINED): string[] => [slot, what, from, megabytes(files[slot].reduce((sum, { bytes }) => sum + bytes, 0))];
  return [
    row('vision', `${vision.size}×${vision.size} pixels → [${vision.tokens}, ${vision.width}]`, madeFrom(vision.origin)),
    row('abstractor', `${abstractor.frames} frames → [${abstractor.tokens}, ${abstractor.width}], ${abstractor.variant}, ${abstractor.timeEmbeddings ? 'knows' : 'does not know'} the order of frames`, madeFrom(abstractor.origin)),
    row('language', `${language.contextTokens} tokens of context${language.adapter === undefined ? '' : ', with an adapter'}`, language.base === undefined ? madeFrom(language.origin) : published(language.base)),
    row('textEncoder', `${textEncoder.maxTokens} tokens → [${textEncoder.maxTokens}, ${textEncoder.width}]`, madeFrom(film.origin)),
    row('film', `${film.frames} frames of ${film.width}×${film.height} at ${film.fps} a second; ${film.defaults.steps} steps of ${film.defaults.solver}, guidance ${film.defaults.guidanceScale}`, madeFrom(film.origin)),
    row('textEmbedding', `${textEmbedding.maxTokens} tokens → [${textEmbedding.width}]`),
    row('textSafety', `${textSafety.categories.length} categories, policy ${textSafety.policyVersion}`),
    ['imageSafety', `refuses when more than ${imageSafety.maxFlagged} of ${imageSafety.frames} frames are flagged`, published(imageSafety.base), megabytes(0)],
  ];
}

const TRAINED = 'the bundle';

function madeFrom(origin: { readonly source: string; readonly precision?: string | undefined } | undefined): string {
  if (origin === undefined) return TRAINED;
  return origin.precision === undefined ? origin.source : `${origin.source}, ${origin.precision}`;
}

function published(base: { readonly package: string; readonly version: string }): string {
  return `package ${base.package} ${base.version}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Nested figures as one row each, named by their path. */
function figures(name: string, value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return [[name, String(value)]];
  return Object.entries(value).flatMap(([key, inner]) => figures(`${name}: ${key}`, inner));
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
