// `npm run demo [-- [--cluster] clip.mp4 "question"]`: a whole conversation through the public API of a server started for it.
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Api } from './api.mjs';
import { ownClip, sampleClip } from './conversation.mjs';
import { startServer } from './server.mjs';
import { bold, green, red, say, timeTable } from './terminal.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const out = join(root, 'out');
mkdirSync(out, { recursive: true });

const key = `sk-demo-${randomBytes(16).toString('hex')}`;
const cluster = process.argv.includes('--cluster');
const started = performance.now();
say(bold(cluster ? 'Starting the cluster…' : 'Starting the server…'));
const server = await startServer({ root, data: join(root, '.gpt4video', cluster ? 'demo-cluster' : 'demo'), key, cluster });
const what = cluster ? 'Kafka, MinIO, Postgres, a collector, Prometheus, seven services as processes' : 'database, seven services, models loaded and warmed';
const times = [['server start', performance.now() - started, what]];
say(`ready at ${server.url}\n`);

let failure;
try {
  const [clip, question] = process.argv.slice(2).filter((argument) => argument !== '--cluster');
  const api = new Api(server.url, key);
  times.push(...(clip === undefined ? await sampleClip({ api, root, out }) : await ownClip({ api, clip, question: question ?? 'What happens in this video?' })));
} catch (error) {
  failure = error;
}

const code = await server.stop();
if (failure !== undefined) {
  say(red(`\nThe demo failed: ${failure.message}`));
  say(server.lastLines().join('\n'));
} else {
  say(`\n${bold('Where the time went')}\n${timeTable(times)}`);
}
if (code !== 0) say(red(`The server ended with ${code} instead of 0.`));
process.exitCode = failure === undefined && code === 0 ? 0 : 1;
if (process.exitCode === 0) say(green('\nEvery step worked.'));
