// What one event costs each service, in seconds of one pod, from the measured tables.
import { readFileSync } from 'node:fs';

/** The figure of a row of docs/benchmarks.md, in seconds or, for rates, per second. Throws naming the row that is missing. */
export function measured(markdown, row) {
  const line = markdown.split('\n').find((text) => text.startsWith(`| ${row}`));
  const [, figure, unit] = /^([\d.,]+) ([\w/]+)/.exec(line?.split('|')[2]?.trim() ?? '') ?? [];
  if (figure === undefined) throw new Error(`docs/benchmarks.md has no figure for "${row}"; run: npm run bench`);
  const value = Number(figure.replaceAll(',', ''));
  return unit === 'ms' ? value / 1_000 : value;
}

/** Seconds of a pod by event and service. `speed` says how many times as fast as the measured machine a pod of a service is. */
export function stageCosts({ file = 'docs/benchmarks.md', apiFile = 'docs/benchmarks-api.md', speed = {} } = {}) {
  const page = readFileSync(file, 'utf8');
  const frames = measured(page, '14 frames of a 10 s 720p H.264 clip, keyframe every second');
  const clip = 4 / measured(page, 'vision tower through the adapter, batches of 4');
  const turn = measured(page, 'whole turn, mean');
  const language = turn / ratioOf(page, 'whole turn, mean');
  const screenFilm = measured(page, 'film: screen');
  const firstLook = measured(page, 'first question about a new clip') - measured(page, 'the same question again');
  const costs = {
    // As many pieces as the language model says in its time.
    gateway: { turn: language * measured(page, 'decode') * secondsOfPiece(readFileSync(apiFile, 'utf8')) },
    'frame-extractor': { video: frames },
    'clip-encoder': { video: clip },
    // What is left of a first look; screening runs beside it, so this is the most it can be.
    abstractor: { video: Math.max(clip, firstLook - frames - clip) },
    dialogue: { turn: language },
    safety: { turn: turn - language, video: screenFilm, film: screenFilm },
    'video-generator': { film: measured(page, 'film ') - screenFilm },
  };
  return Object.fromEntries(Object.entries(costs).map(([name, events]) => [name, scaled(events, speed[name] ?? 1)]));
}

/** Processor time of the gateway for one piece of an answer, its share of the request in it. */
function secondsOfPiece(page) {
  const row = page.split('\n').find((text) => text.startsWith('| processor time of the server for a piece'));
  const [, milliseconds] = /the gateway, ([\d.]+) ms/.exec(row ?? '') ?? [];
  if (milliseconds === undefined) throw new Error('docs/benchmarks-api.md has no processor time for a piece; run: npm run bench:api');
  return Number(milliseconds) / 1_000;
}

function scaled(events, speed) {
  return Object.fromEntries(Object.entries(events).map(([event, seconds]) => [event, seconds / speed]));
}

function ratioOf(page, row) {
  const ratio = Number(page.split('\n').find((text) => text.startsWith(`| ${row}`))?.split('|')[4]);
  if (!(ratio >= 1)) throw new Error(`docs/benchmarks.md has no ratio for "${row}"; run: npm run bench`);
  return ratio;
}
