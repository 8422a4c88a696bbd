// `npm run provenance:measure -- [--films 200] [--others DIR]`: how well the watermark is found, how rarely it is found where it is not,
// and how little it changes. Writes docs/models/watermark.md. `--others` names a folder with videos that are not ours.
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { FfmpegVideoCodec } from '@gpt4video/adapters/ffmpeg/ffmpeg-video-codec';
import { MARK_CEILING, MARK_THRESHOLD } from '@gpt4video/model/watermark/find-mark';
import { markFilm } from '@gpt4video/model/watermark/mark-film';
import { markKeyOf } from '@gpt4video/model/watermark/mark-key';
import { makeFilms } from './films.mjs';
import { psnr, ssim } from './likeness.mjs';
import { report } from './report.mjs';
import { reencode, scoreFile, summary } from './scores.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values } = parseArgs({ options: { films: { type: 'string', default: '200' }, others: { type: 'string' } } });
const never = new AbortController().signal;
// The key of the report is fixed, so that it can be made again; those of the false alarms are drawn anew.
const key = markKeyOf(Buffer.alloc(24, 'watermark'));
const otherKeys = Array.from({ length: 50 }, () => markKeyOf(randomBytes(24)));
const ATTACKS = [
  { name: 'as delivered (CRF 18)' },
  { name: 're-encoded at CRF 23', crf: 23 },
  { name: 're-encoded at CRF 28', crf: 28 },
  { name: 'half the size, re-encoded at CRF 18', crf: 18, scale: 0.5 },
  { name: 'half the size, re-encoded at CRF 28', crf: 28, scale: 0.5 },
  { name: 'twice the size, re-encoded at CRF 28', crf: 28, scale: 2 },
  { name: 're-encoded at CRF 35', crf: 35 },
];

const folder = await mkdtemp(join(tmpdir(), 'gpt4video-watermark-'));
const codec = new FfmpegVideoCodec({ processes: 1 });
try {
  const found = ATTACKS.map(() => []);
  const likeness = { psnr: [], ssim: [], markMs: [] };
  const chance = [];
  let made = 0;
  for await (const film of makeFilms(root, Number(values.films))) {
    const started = performance.now();
    const marked = markFilm(film, key);
    likeness.markMs.push(performance.now() - started);
    likeness.psnr.push(psnr(film.pixels, marked.pixels));
    likeness.ssim.push(ssim(film.pixels, marked.pixels, film));
    const delivered = join(folder, 'delivered.mp4');
    await writeFile(delivered, await codec.encodeMp4(marked, never));
    const copies = ATTACKS.map(({ crf, scale }, index) => ({ from: delivered, to: crf === undefined ? delivered : join(folder, `${index}.mp4`), crf, scale }));
    await reencode(copies.filter(({ crf }) => crf !== undefined));
    for (const [index, { to }] of copies.entries()) found[index].push(...(await scoreFile(codec, to, [key])));
    const plain = join(folder, 'plain.mp4');
    await writeFile(plain, await codec.encodeMp4(film, never));
    chance.push({ plain: (await scoreFile(codec, plain, [key, ...otherKeys])), alien: await scoreFile(codec, delivered, otherKeys) });
    made += 1;
    if (made % 20 === 0) process.stderr.write(`${made} films\n`);
  }
  const others = await scoreOthers(values.others);
  const of = (name, scores) => ({ name, ...summary(scores, MARK_THRESHOLD) });
  const text = report({
    threshold: MARK_THRESHOLD,
    ceiling: MARK_CEILING,
    films: made,
    found: ATTACKS.map(({ name }, index) => of(name, found[index])),
    chance: [
      of('our films before they are marked, with the key', chance.map(({ plain }) => plain[0])),
      of('our films before they are marked, with 50 other keys', chance.flatMap(({ plain }) => plain.slice(1))),
      of('our films, marked with another key than the one asked for, 50 keys', chance.flatMap(({ alien }) => alien)),
      ...(others.length === 0 ? [] : [of(`${others.length} videos of other makers, with 51 keys`, others.flat())]),
    ],
    likeness,
  });
  await writeFile(join(root, 'docs/models/watermark.md'), text);
  process.stdout.write(text);
} finally {
  codec.close();
  await rm(folder, { recursive: true, force: true });
}

async function scoreOthers(directory) {
  if (directory === undefined) return [];
  const scores = [];
  for (const name of await readdir(directory)) {
    const result = await scoreFile(codec, join(directory, name), [key, ...otherKeys]);
    if (result !== undefined) scores.push(result);
  }
  return scores;
}
