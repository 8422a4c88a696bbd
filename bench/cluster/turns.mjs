// The same turns against the cluster and against one process, in turn, so that both meet the same machine.
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Api } from '../../scripts/demo/api.mjs';
import { startServer } from '../../scripts/demo/server.mjs';
import { makeFilm } from '../make-film.mjs';
import { memoryMiB } from '../processes.mjs';
import { median } from '../statistics.mjs';
import { openStand } from './stand.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const CLIP = join(root, 'models/cartoon/samples/red-star.mp4');
const FILM = { prompt: 'a blue star moves left over the sea', seed: 1, num_inference_steps: 8 };
const ROUNDS = 15;
const key = 'sk-bench-0123456789abcdef';
const [loaded] = loadavg();
const data = mkdtempSync(join(tmpdir(), 'gpt4video-bench-'));

const stand = await openStand();
const alone = await startServer({ root, data, key, logLevel: 'warn' });
try {
  process.stdout.write(`${JSON.stringify(await compare())}\n`);
} finally {
  await alone.stop();
  rmSync(data, { recursive: true, force: true });
  await stand.close();
}

async function compare() {
  const inOneProcess = new Api(alone.url, key);
  const asks = [await asking(stand.api), await asking(inOneProcess)];
  const turns = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) for (const [index, ask] of asks.entries()) turns[index].push(await ask());
  const films = [await makeFilm(stand.api, FILM), await makeFilm(inOneProcess, FILM)].map(({ totalMs }) => totalMs);
  const middle = (answers, field) => median(answers.map((answer) => answer[field]));
  const [inCluster, inOne] = turns.map((answers) => ({ total: middle(answers, 'totalMs'), first: middle(answers, 'firstMs') }));
  const memory = Object.entries(Object.groupBy(stand.processes(), ({ name }) => name)).map(([name, members]) => ({ what: `memory of ${name}`, value: members.reduce((sum, { pid }) => sum + memoryMiB(pid), 0), unit: 'MiB' }));
  return {
    title: 'A turn about a known clip',
    rows: [
      { what: 'whole turn, median', value: inCluster.total, unit: 'ms', against: `one process, ${Math.round(inOne.total)} ms`, ratio: inCluster.total / inOne.total },
      { what: 'first words, median', value: inCluster.first, unit: 'ms', against: `one process, ${Math.round(inOne.first)} ms`, ratio: inCluster.first / inOne.first },
      { what: 'added by Kafka, MinIO, Postgres and the way between processes', value: inCluster.total - inOne.total, unit: 'ms' },
      { what: 'film of 8 steps, ordered to completed', value: films[0], unit: 'ms', against: `one process, ${Math.round(films[1])} ms`, ratio: films[0] / films[1] },
      ...memory,
      { what: 'memory in all', value: memory.reduce((sum, { value }) => sum + value, 0), unit: 'MiB' },
    ],
    notes: [`${ROUNDS} turns each, one after the other, at temperature 0 with at most 32 tokens; the machine's load average was ${loaded.toFixed(1)} before. Memory as PSS: shared pages are divided among those that share them.`],
  };
}

/** Uploads the clip, asks once to warm up, and returns how to ask again. */
async function asking(api) {
  const { id } = await api.upload(CLIP);
  await api.processed(id);
  const messages = [{ role: 'user', content: [{ type: 'video_url', video_url: { url: `file:${id}` } }, { type: 'text', text: 'What is in the video?' }] }];
  const ask = () => api.chat(messages, () => undefined, { temperature: 0, max_completion_tokens: 32 });
  await ask();
  return ask;
}
