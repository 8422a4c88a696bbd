import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { uniformChooser } from '@gpt4video/model/frames/choosers';
import { scoreMark } from '@gpt4video/model/watermark/find-mark';

const LIMITS = { maxDurationMs: 600_000, maxPixels: 4096 * 2304, maxStreams: 16, maxFrames: 100_000, maxWorkMs: 60_000 };

/** Scores a video file for each key, as the server does; undefined when it does not decode. */
export async function scoreFile(codec, path, keys) {
  const chosen = await codec.decode(path, { choosers: [uniformChooser(48)], limits: LIMITS, maxSide: 256 }, AbortSignal.timeout(120_000)).catch(() => undefined);
  const [first] = chosen?.selections[0] ?? [];
  if (first === undefined) return undefined;
  const frames = chosen.selections[0].filter(({ width, height }) => width === first.width && height === first.height);
  const film = { pixels: Buffer.concat(frames.map(({ pixels }) => pixels)), frames: frames.length, width: first.width, height: first.height };
  return keys.map((key) => scoreMark(film, key));
}

/** Re-encodes files in a process of its own. */
export async function reencode(jobs) {
  await promisify(execFile)(process.execPath, [fileURLToPath(new URL('reencode.mjs', import.meta.url)), JSON.stringify(jobs)], { maxBuffer: 1 << 24 });
}

/** Mean, least and greatest of some scores, and how many count as marked. */
export function summary(scores, threshold) {
  const sorted = scores.toSorted((a, b) => a - b);
  return { count: scores.length, mean: scores.reduce((sum, score) => sum + score, 0) / scores.length, least: sorted[0], greatest: sorted.at(-1), found: scores.filter((score) => score >= threshold).length };
}
