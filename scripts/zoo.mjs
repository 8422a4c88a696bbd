// npm run zoo -- <folder>: decodes every file of a folder as the service would and prints what became of it.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FfmpegVideoCodec } from '../libs/adapters/dist/ffmpeg/ffmpeg-video-codec.js';

const LIMITS = { maxDurationMs: 600_000, maxPixels: 3840 * 2160, maxStreams: 16, maxFrames: 36_000, maxWorkMs: 60_000 };
const REQUEST = { choosers: [evenly(4), evenly(10)], limits: LIMITS, maxSide: 512 };

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('zoo: name a folder with videos: npm run zoo -- path/to/folder\n');
  process.exit(2);
}
const codec = new FfmpegVideoCodec();
const rows = [['file', 'verdict', 'frames', 'milliseconds', 'what']];
for (const name of (await readdir(folder)).sort()) {
  if (name.endsWith('.md') || !(await stat(join(folder, name))).isFile()) continue;
  rows.push([name, ...(await look(join(folder, name)))]);
}
codec.close();
print(rows);

async function look(path) {
  const begin = performance.now();
  const took = () => (performance.now() - begin).toFixed(0);
  try {
    const { facts, selections } = await codec.decode(path, REQUEST, AbortSignal.timeout(120_000));
    const exact = selections.flat().length;
    return ['ok', String(facts.frameCount), took(), `${facts.codec} ${facts.width}x${facts.height} ${(facts.durationMs / 1000).toFixed(2)} s, ${exact} frames taken`];
  } catch (error) {
    return [error.code ?? 'fault', '-', took(), error.cause === undefined ? error.message : `${error.message} (${error.cause})`];
  }
}

/** The middle of each of `count` equal parts. */
function evenly(count) {
  return (frames) => Array.from({ length: count }, (_, part) => Math.min(frames - 1, Math.floor(((part + 0.5) * frames) / count)));
}

function print(table) {
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  for (const row of table) process.stdout.write(`${row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column]))).join('  ')}\n`);
}
