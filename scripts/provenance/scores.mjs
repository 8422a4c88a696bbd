import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { filmToScore, SCORED } from '@gpt4video/frame-extractor/core/film-to-score';
import { scoreMark } from '@gpt4video/model/watermark/find-mark';

const LIMITS = { maxDurationMs: 600_000, maxPixels: 4096 * 2304, maxStreams: 16, maxFrames: 100_000, maxWorkMs: 60_000 };

/** Scores a video file for each key, as the server does; undefined when it does not decode. */
export async function scoreFile(codec, path, keys) {
  const film = await codec
    .decode(path, { ...SCORED, limits: LIMITS }, AbortSignal.timeout(120_000))
    .then(({ selections }) => filmToScore(selections[0]))
    .catch(() => undefined);
  return film && keys.map((key) => scoreMark(film, key));
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
