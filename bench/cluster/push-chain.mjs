// Uploads and what follows from them: how many are accepted, how fast clips are understood against the bare time of the stages,
// how late the outbox is, what three replicas of a stage bring, and what is used up.
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { processorSeconds } from '../processes.mjs';
import { openStand } from './stand.mjs';

const clip = readFileSync(join(fileURLToPath(new URL('../..', import.meta.url)), 'models/cartoon/samples/red-star.mp4'));
const SINGLE = 5;
const LOAD = 40;
const AT_ONCE = 6;
const SCALED = 'clip-encoder';
/** Who works on a clip one after the other; screening goes on beside them. */
const CHAIN = [['frame-extractor', 'video.uploaded'], ['clip-encoder', 'frames.extracted'], ['abstractor', 'features.encoded']];
const [LOADED] = loadavg();
let marks = 0;

const one = await measured({});
const three = await measured({ [SCALED]: 3 });
process.stdout.write(`${JSON.stringify(toReport())}\n`);

async function measured(scale) {
  const stand = await openStand(scale);
  try {
    await through(stand, 2, 1);
    const bareBefore = await stageSeconds(stand);
    const singles = await through(stand, SINGLE, 1);
    const bare = (await stageSeconds(stand)) - bareBefore;
    const used = usage(stand);
    const load = await through(stand, LOAD, AT_ONCE);
    return { bareMs: (1_000 * bare) / SINGLE, singleMs: (1_000 * singles.understoodSeconds) / SINGLE, ...load, ...used(), lagMs: await outboxLag(stand) };
  } finally {
    await stand.close();
  }
}

/** Sends so many clips, so many at once, and waits until all are understood. With one at once, each is waited for before the next. */
async function through({ api }, count, atOnce) {
  const began = performance.now();
  let accepted = 0;
  let acceptedSeconds = 0;
  const ids = [];
  const sender = async () => {
    while (accepted < count) {
      accepted += 1;
      const { id } = await upload(api);
      acceptedSeconds = (performance.now() - began) / 1_000;
      if (atOnce === 1) await done(api, id);
      ids.push(id);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, sender));
  for (const id of ids) await done(api, id);
  return { acceptedSeconds, understoodSeconds: (performance.now() - began) / 1_000 };
}

async function done(api, id) {
  const { status } = await api.processed(id, 600_000);
  if (status !== 'processed') throw new Error(`the clip ${id} is ${status}`);
}

/** The same video under another hash: an MP4 `free` box at its end, which every reader skips. */
function upload(api) {
  const box = Buffer.from([0, 0, 0, 12, ...Buffer.from('free'), 0, 0, 0, 0]);
  box.writeUInt32BE((marks += 1), 8);
  const form = new FormData();
  form.set('purpose', 'vision');
  form.set('file', new Blob([clip, box]), 'clip.mp4');
  return api.json('/v1/files', { method: 'POST', body: form });
}

async function stageSeconds({ metric }) {
  const sums = await Promise.all(CHAIN.map(([service, topic]) => metric(service, 'gpt4video_facts_duration_seconds_sum', [`topic="${topic}"`, `group="${service}"`])));
  return sums.reduce((sum, each) => sum + each, 0);
}

/** Begins to watch the processors; the function that it returns tells what was used meanwhile, in all and by whom. */
function usage({ processes }) {
  const began = performance.now();
  const all = () => cpus().reduce((sum, { times }) => ({ idle: sum.idle + times.idle, total: sum.total + times.idle + times.user + times.sys + times.nice + times.irq }), { idle: 0, total: 0 });
  const each = () => new Map(processes().map(({ name, pid }) => [pid, { name, seconds: processorSeconds(pid) }]));
  const [before, own] = [all(), each()];
  return () => {
    const after = all();
    const seconds = (performance.now() - began) / 1_000;
    const shares = new Map();
    for (const [pid, { name, seconds: now }] of each()) shares.set(name, (shares.get(name) ?? 0) + (now - (own.get(pid)?.seconds ?? 0)) / seconds);
    return { busy: 1 - (after.idle - before.idle) / (after.total - before.total), shares: [...shares].sort(([, a], [, b]) => b - a) };
  };
}

/** Milliseconds from a fact's row to its acknowledgement, of 99 in 100. */
async function outboxLag({ database }) {
  const { rows } = await database.query('select percentile_cont(0.99) within group (order by extract(epoch from published_at - created_at)) * 1000 as p99 from outbox where published_at is not null');
  return Number(rows[0].p99);
}

function toReport() {
  const rate = ({ understoodSeconds }) => LOAD / understoodSeconds;
  const who = ({ shares }) => shares.slice(0, 5).map(([name, share]) => `${name} ${share.toFixed(2)}`).join(', ');
  return {
    title: 'Uploads and the push chain',
    rows: [
      { what: `uploads accepted, ${AT_ONCE} at once`, value: LOAD / one.acceptedSeconds, unit: '/s' },
      { what: 'one clip alone, upload to understood and screened', value: one.singleMs, unit: 'ms', against: `its three stages alone, ${Math.round(one.bareMs)} ms`, ratio: one.singleMs / one.bareMs },
      { what: `clips understood, ${LOAD} at once`, value: rate(one), unit: '/s', against: `one after the other through bare stages, ${(1_000 / one.bareMs).toFixed(2)} /s`, ratio: (rate(one) * one.bareMs) / 1_000 },
      { what: 'outbox lag under that load, p99', value: one.lagMs, unit: 'ms' },
      { what: 'processors busy meanwhile', value: 100 * one.busy, unit: '%' },
      { what: `clips understood with 3 of ${SCALED}`, value: rate(three), unit: '/s', against: `1 of it, ${rate(one).toFixed(2)} /s`, ratio: rate(three) / rate(one) },
      { what: 'processors busy meanwhile', value: 100 * three.busy, unit: '%' },
    ],
    notes: [`Processors in use, 1 of ${SCALED}: ${who(one)}. 3 of ${SCALED}: ${who(three)}. The rest goes to the client that measures and to whatever else the machine does: its load average was ${LOADED.toFixed(1)} before.`],
  };
}
