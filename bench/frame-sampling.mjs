// Frame sampling against spawning the ffmpeg program: the same 14 frames (4 for understanding, 10 for screening) of a 10 s 720p H.264 clip.
// Prints { title, rows, notes }; times in milliseconds, medians of alternating runs.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { FfmpegVideoCodec } from '../libs/adapters/dist/ffmpeg/ffmpeg-video-codec.js';
import { median } from './statistics.mjs';

const run = promisify(execFile);
const ROUNDS = 7;
const FRAMES = 300;
const SIDE = 512;
const LIMITS = { maxDurationMs: 60_000, maxPixels: 1920 * 1080, maxStreams: 8, maxFrames: 1000, maxWorkMs: 60_000 };
/** Distances between keyframes: x264's default, and that of phones and streaming. */
const CLIPS = { 'keyframe every 250 frames': 250, 'keyframe every second': 30 };

const middles = (count) => (frames) => Array.from({ length: count }, (_, part) => Math.min(frames - 1, Math.floor(((part + 0.5) * frames) / count)));
const choosers = [middles(4), middles(10)];
const wanted = [...new Set(choosers.flatMap((choose) => choose(FRAMES)))].sort((one, other) => one - other);

const folder = await mkdtemp(join(tmpdir(), 'bench-frames-'));
const codec = new FfmpegVideoCodec({ processes: 1 });
try {
  const available = await run('ffmpeg', ['-version']).then(({ stdout }) => stdout.split('\n')[0], () => undefined);
  const rows = [];
  for (const [name, gop] of Object.entries(CLIPS)) {
    const { oursMs, programMs } = await compare(await makeClip(gop), available !== undefined);
    const against = programMs === undefined ? {} : { against: `spawning ffmpeg, ${Math.round(programMs)} ms`, ratio: programMs / oursMs, aim: '≥ 3' };
    rows.push({ what: `${wanted.length} frames of a 10 s 720p H.264 clip, ${name}`, value: oursMs, unit: 'ms', ...against });
  }
  const notes = available === undefined ? ['The ffmpeg program is not installed: install it to compare.'] : [available];
  process.stdout.write(`${JSON.stringify({ title: 'Frame sampling', rows, notes })}\n`);
} finally {
  codec.close();
  await rm(folder, { recursive: true, force: true });
}

async function makeClip(gop) {
  const path = join(folder, `clip-${gop}.mp4`);
  const script = fileURLToPath(new URL('../test/contract/video-zoo/make-videos.mjs', import.meta.url));
  const spec = { path, encoder: 'libx264', width: 1280, height: 720, frames: FRAMES, fps: 30, gop, bFrames: 3, noise: true, options: { crf: '23' } };
  await run(process.execPath, [script, JSON.stringify([spec])]);
  return path;
}

async function compare(path, hasProgram) {
  const ours = [];
  const theirs = [];
  const request = { choosers, limits: LIMITS, maxSide: SIDE };
  await codec.decode(path, request, new AbortController().signal);
  for (let round = 0; round < ROUNDS; round += 1) {
    ours.push(await timed(() => codec.decode(path, request, new AbortController().signal)));
    if (hasProgram) theirs.push(await timed(() => program(path)));
  }
  return { oursMs: median(ours), programMs: hasProgram ? median(theirs) : undefined };
}

/** One run of the program that picks and scales the same frames and pipes raw RGB out. */
async function program(path) {
  const filter = `select='${wanted.map((frame) => `eq(n,${frame})`).join('+')}',scale=${SIDE}:-2`;
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-i', path, '-vf', filter, '-vsync', '0', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'], { encoding: 'buffer', maxBuffer: 2 ** 28 });
  if (stdout.length !== wanted.length * SIDE * 288 * 3) throw new Error(`the program gave ${stdout.length} bytes`);
}

async function timed(work) {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}
