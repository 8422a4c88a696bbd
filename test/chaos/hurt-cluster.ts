import { createHash } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { kafkaClient } from '@gpt4video/adapters/kafka/kafka-client';
import { connectionUrl } from '@gpt4video/adapters/postgres/connection-url';
import { S3ObjectStore } from '@gpt4video/adapters/s3/s3-object-store';
import { Cluster } from '@gpt4video/testing/cluster/cluster';
import { SERVICE_NAMES } from '@gpt4video/testing/cluster/services';
import { Pool } from 'pg';
import type { Sources } from './end-state.js';
import type { Link, Victim } from './faults.js';
import { MortalPostgres } from './mortal-postgres.js';
import { signal } from './signal.js';
import { WeakLink } from './weak-link.js';

const root = resolve(import.meta.dirname, '../..');

/** Keys of the tenants that use the cluster; the first is let in by the gateway, the others by a row each. */
export const KEYS = { one: 'sk-chaos-one-0123456789', two: 'sk-chaos-two-0123456789' } as const;

/** Two film workers, and leases that are shorter than a freeze: a worker that wakes up may find its film made by the other. */
const SCALE = { 'video-generator': 2 } as const;
const LEASES = { GPT4VIDEO_LEASE_MS: '4000', GPT4VIDEO_HEARTBEAT_MS: '500' };

/** A cluster on real servers that may be hurt, and so may its ways to them; with a way of our own to look at its truth. */
export class HurtCluster {
  private constructor(
    readonly cluster: Cluster,
    readonly sources: Sources,
    /** The ways to Postgres, Kafka and MinIO. */
    readonly links: readonly Link[],
    private readonly postgres: MortalPostgres,
    private readonly end: () => Promise<void>,
  ) {}

  static async start(log: string[]): Promise<HurtCluster> {
    const folder = await mkdtemp(join(tmpdir(), 'chaos-'));
    await chmod(folder, 0o755);
    const links: WeakLink[] = [];
    const standBefore = async (name: string, port: number): Promise<number> => {
      const link = await WeakLink.open(name, port, folder);
      links.push(link);
      return link.port;
    };
    const server = await MortalPostgres.start(join(folder, 'postgres'));
    const databaseUrl = connectionUrl({ ...server.connection, port: await standBefore('postgres', server.connection.port) });
    const onLine = (source: string, line: string): unknown => log.push(`${source} ${line}`);
    const cluster = await Cluster.start({ folder, databaseUrl, apiKey: KEYS.one, root, telemetry: false, scale: SCALE, environment: LEASES, standBefore, drainMs: 10_000, onLine });
    const postgres = await secondTenant(server);
    const { kafka, minio } = cluster.infrastructure;
    const store = new S3ObjectStore({ endpoint: minio.url, region: 'us-east-1', bucket: 'gpt4video', accessKey: minio.accessKey, secretKey: minio.secretKey, pathStyle: true });
    const sources = { postgres, store, kafka: kafkaClient('history', { kafkaBrokers: kafka.brokers, kafkaTls: false, kafkaSaslMechanism: 'plain' }) };
    return new HurtCluster(cluster, sources, links, server, async () => {
      await postgres.end();
      await cluster.stop();
      await server.stop();
      await Promise.all(links.map((link) => link.close()));
      await rm(folder, { recursive: true, force: true });
    });
  }

  /** Every service and every server; what dies is started again. */
  get victims(): readonly Victim[] {
    const { kafka, minio } = this.cluster.infrastructure;
    const servers = [kafka, minio].map((server) => victim(server.name, () => (server.running ? server.pid : undefined)));
    const replicas = SERVICE_NAMES.flatMap((name) => this.cluster.service(name).pids.map((_, index) => victim(`${name}-${index}`, () => this.cluster.service(name).pids[index])));
    return [...replicas, ...servers, this.postgres];
  }

  /** Drains and stops everything; rejects when a process did not end in order. */
  stop(): Promise<void> {
    return this.end();
  }
}

/** A process that its supervisor starts again. */
function victim(name: string, pid: () => number | undefined): Victim {
  const send = (wanted: NodeJS.Signals): boolean => {
    const id = pid();
    return id !== undefined && signal(id, wanted);
  };
  return { name, kill: async () => send('SIGKILL'), freeze: async () => send('SIGSTOP'), thaw: () => void send('SIGCONT') };
}

async function secondTenant({ connection }: MortalPostgres): Promise<Pool> {
  const pool = new Pool(connection);
  // The server is killed under it; the next query connects again.
  pool.on('error', () => undefined);
  await pool.query("insert into tenants (id, name) values ('tenant_two', 'two') on conflict do nothing");
  await pool.query("insert into api_keys (sha256, tenant_id, name) values ($1, 'tenant_two', 'chaos')", [createHash('sha256').update(KEYS.two).digest('hex')]);
  return pool;
}
