// `npm run cluster`: every service as its own process on real Kafka, MinIO and Postgres, with a collector and Prometheus.
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EmbeddedPostgres } from '@gpt4video/adapters/postgres/embedded-postgres';
import { Cluster } from '@gpt4video/testing/cluster/cluster';
import { Supervised } from '@gpt4video/testing/cluster/supervised';
import { readArguments } from './arguments.mjs';
import { PostgresProcess } from './postgres-process.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const print = (source, line) => process.stderr.write(`${source.padEnd(17)} ${line}\n`);

let stopping;
const started = start().catch((error) => {
  process.stderr.write(`cluster: ${error.message}\n`);
  process.exit(1);
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => (stopping === undefined ? (stopping = stop()) : process.exit(1)));
process.on('SIGHUP', () => void started.then(({ cluster }) => cluster.rollingRestart()).then(() => print('cluster', 'every replica was replaced'), (error) => print('cluster', error.message)));

async function start() {
  const args = readArguments(process.argv.slice(2));
  const apiKey = args.apiKey ?? `sk-cluster-${randomBytes(16).toString('hex')}`;
  const { data: folder, port, scale, logLevel, drainMs } = args;
  await mkdir(folder, { recursive: true });
  const postgres = new PostgresProcess(await EmbeddedPostgres.start({ directory: join(folder, 'postgres') }), join(folder, 'postgres'));
  const database = new Supervised(postgres, (line) => print('cluster', line));
  await database.start();
  try {
    const cluster = await Cluster.start({ folder, databaseUrl: postgres.url, apiKey, root, port, scale, logLevel, drainMs, onLine: print });
    const { prometheus, collector } = cluster.infrastructure;
    print('cluster', `metrics ${prometheus.url}, traces ${join(collector.folder, 'telemetry.jsonl')}`);
    if (args.apiKey === undefined) process.stdout.write(`key ${apiKey}\n`);
    process.stdout.write(`ready ${cluster.url}\n`);
    return { cluster, database };
  } catch (error) {
    await database.stop();
    throw error;
  }
}

async function stop() {
  print('cluster', 'stopping');
  const { cluster, database } = await started;
  const failure = await cluster.stop().catch((error) => error);
  await database.stop();
  if (failure !== undefined) process.stderr.write(`cluster: ${failure.message}\n`);
  process.exit(failure === undefined ? 0 : 1);
}
