// A whole conversation against the standalone server: turn overhead, first token, tokens/s, cached second question, film, memory.
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Api } from '../scripts/demo/api.mjs';
import { startServer } from '../scripts/demo/server.mjs';
import { makeFilm } from './make-film.mjs';
import { median } from './statistics.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const samples = join(root, 'models/cartoon/samples');
const script = JSON.parse(readFileSync(join(samples, 'demo.json'), 'utf8'));
const data = mkdtempSync(join(tmpdir(), 'gpt4video-bench-'));
const key = 'sk-bench-0123456789abcdef';
const ROUNDS = 9;

const server = await startServer({ root, data, key, logLevel: 'warn' });
try {
  const api = new Api(server.url, key);
  const report = await converse(api);
  process.stdout.write(`${JSON.stringify(report)}\n`);
} finally {
  await server.stop();
  rmSync(data, { recursive: true, force: true });
}

async function converse(api) {
  const question = script.questions[0].question;
  const bytes = readFileSync(join(samples, script.clip));
  // A clip sent inside the request is pulled through every stage; asked again, its artifacts are there.
  const inline = { type: 'video_url', video_url: { url: `data:video/mp4;base64,${bytes.toString('base64')}` } };
  const ask = (video) => api.chat([{ role: 'user', content: [video, { type: 'text', text: question }] }], () => undefined, { temperature: 0, max_completion_tokens: 48 });
  const first = await ask(inline);
  const { id } = await api.upload(join(samples, script.clip));
  await api.processed(id);
  const known = { type: 'video_url', video_url: { url: `file:${id}` } };
  await ask(known);
  const before = await languageModel(api);
  const again = [];
  for (let round = 0; round < ROUNDS; round += 1) again.push(await ask(known));
  const after = await languageModel(api);
  const long = await api.chat([{ role: 'user', content: 'Tell me a story about the sea.' }], () => undefined, { temperature: 0, max_completion_tokens: 128 });
  const told = await languageModel(api);
  const film = await makeFilm(api, { prompt: 'a blue star moves left over the sea', seed: 1 });
  const cached = median(again.map(({ totalMs }) => totalMs));
  const turns = again.map(({ totalMs }) => totalMs).reduce((a, b) => a + b) / ROUNDS;
  const models = (after.modelMs - before.modelMs) / ROUNDS;
  return {
    title: 'A conversation with `npm start`',
    rows: [
      { what: 'first question about a new clip', value: first.totalMs, unit: 'ms' },
      { what: 'the same question again', value: cached, unit: 'ms', against: 'first question', ratio: cached / first.totalMs, aim: 'no re-encode' },
      { what: 'whole turn, mean', value: turns, unit: 'ms', against: `its language-model time, ${Math.round(models)} ms`, ratio: turns / models, aim: '≤ 1.10' },
      { what: 'first words', value: median(again.map(({ firstMs }) => firstMs)), unit: 'ms' },
      { what: 'decode', value: (1000 * (long.usage.completion_tokens - 1)) / (told.modelMs - after.modelMs - (told.firstTokenMs - after.firstTokenMs)), unit: 'tokens/s' },
      { what: 'film', value: film.totalMs, unit: 'ms' },
      ...Object.entries(film.stages).map(([stage, seconds]) => ({ what: `film: ${stage}`, value: seconds * 1000, unit: 'ms' })),
      ...memoryRows(),
    ],
  };
}

/** Milliseconds that the language model has worked so far, by the server's own metrics. */
async function languageModel(api) {
  const text = (await api.bytes('/metrics')).toString();
  const sum = (name) => 1000 * Number(new RegExp(`^gpt4video_dialogue_${name}_sum(?:\\{.*\\})? (\\S+)$`, 'm').exec(text)?.[1] ?? 0);
  return { modelMs: sum('model_seconds'), firstTokenMs: sum('first_token_seconds') };
}

/** Peak resident memory of the server and of the Postgres processes that it started (Linux only). */
function memoryRows() {
  const peak = (pid) => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  const shared = (pid) => Number(/Pss_Anon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1024;
  const postgres = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && descends(pid, server.pid) && commandOf(pid).includes('postgres'));
  return [
    { what: 'peak memory of the server process', value: peak(server.pid), unit: 'MiB' },
    { what: 'of which its own (not file-backed), now', value: shared(server.pid), unit: 'MiB' },
    ...(postgres.length > 0 ? [{ what: `peak memory of ${postgres.length} Postgres processes, shared pages counted each time`, value: postgres.map(peak).reduce((a, b) => a + b, 0), unit: 'MiB' }] : []),
  ];
}

function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** True when the process is a child, or a child of a child, of the other. */
function descends(pid, ancestor) {
  let current = Number(pid);
  while (current > 1) {
    if (current === ancestor) return true;
    try {
      current = Number(/PPid:\s+(\d+)/.exec(readFileSync(`/proc/${current}/status`, 'utf8'))?.[1] ?? 0);
    } catch {
      return false;
    }
  }
  return false;
}
