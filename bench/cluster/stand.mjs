// A cluster in a folder of its own, to be measured: its address, its database, its processes and their metrics.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectionUrl } from '@gpt4video/adapters/postgres/connection-url';
import { EmbeddedPostgres } from '@gpt4video/adapters/postgres/embedded-postgres';
import { Cluster } from '@gpt4video/testing/cluster/cluster';
import { SERVICE_NAMES } from '@gpt4video/testing/cluster/services';
import pg from 'pg';
import { Api } from '../../scripts/demo/api.mjs';
import { childrenOf } from '../processes.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const KEY = 'sk-bench-0123456789abcdef';
const UNLIMITED = { GPT4VIDEO_TENANT_REQUESTS_PER_MINUTE: '1000000' };

/** Starts it with so many replicas of each service; resolves when all are ready. */
export async function openStand(scale = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'gpt4video-bench-cluster-'));
  chmodSync(folder, 0o755);
  const postgres = await EmbeddedPostgres.start({ directory: join(folder, 'postgres') });
  const cluster = await Cluster.start({ folder, databaseUrl: connectionUrl(postgres.connection), apiKey: KEY, root, scale, telemetry: false, logLevel: 'warn', environment: UNLIMITED });
  const database = new pg.Client(postgres.connection);
  await database.connect();
  return {
    api: new Api(cluster.url, KEY),
    database,
    /** Every process by its service or server. */
    processes: () => [
      ...SERVICE_NAMES.flatMap((name) => cluster.service(name).pids.map((pid) => ({ name, pid }))),
      { name: 'kafka', pid: cluster.infrastructure.kafka.pid },
      { name: 'minio', pid: cluster.infrastructure.minio.pid },
      ...[postgres.pid, ...childrenOf(postgres.pid)].map((pid) => ({ name: 'postgres', pid })),
    ],
    /** Sum of a series over the replicas of a service, those whose labels hold all of `labels`. */
    metric: async (service, series, labels = []) => {
      const texts = await Promise.all(cluster.service(service).slots.map(async ({ healthPort }) => (await fetch(`http://127.0.0.1:${healthPort}/metrics`)).text()));
      const lines = texts.flatMap((text) => text.split('\n')).filter((line) => line.startsWith(`${series}{`) && labels.every((label) => line.includes(label)));
      return lines.reduce((sum, line) => sum + Number(line.split(' ')[1]), 0);
    },
    close: async () => {
      await database.end();
      await cluster.stop();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
