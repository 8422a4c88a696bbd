import { createHash } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { kafkaClient } from '@gpt4video/adapters/kafka/kafka-client';
import { connectionUrl } from '@gpt4video/adapters/postgres/connection-url';
import { EmbeddedPostgres } from '@gpt4video/adapters/postgres/embedded-postgres';
import { S3ObjectStore } from '@gpt4video/adapters/s3/s3-object-store';
import { Cluster } from '@gpt4video/testing/cluster/cluster';
import { SERVICE_NAMES } from '@gpt4video/testing/cluster/services';
import { Client } from 'pg';
import type { Sources } from './end-state.js';
import type { Victim } from './faults.js';

const root = resolve(import.meta.dirname, '../..');

/** Keys of the tenants that use the cluster; the first is let in by the gateway, the others by a row each. */
export const KEYS = { one: 'sk-chaos-one-0123456789', two: 'sk-chaos-two-0123456789' } as const;

/** A cluster on real servers that may be hurt, with a way to look at its truth. */
export class HurtCluster {
  private constructor(
    readonly cluster: Cluster,
    readonly sources: Sources,
    private readonly end: () => Promise<void>,
  ) {}

  static async start(log: string[]): Promise<HurtCluster> {
    const folder = await mkdtemp(join(tmpdir(), 'chaos-'));
    await chmod(folder, 0o755);
    const server = await EmbeddedPostgres.start({ directory: join(folder, 'postgres') });
    const databaseUrl = connectionUrl(server.connection);
    const cluster = await Cluster.start({ folder, databaseUrl, apiKey: KEYS.one, root, telemetry: false, drainMs: 10_000, onLine: (source, line) => log.push(`${source} ${line}`) });
    const postgres = new Client({ connectionString: databaseUrl });
    await postgres.connect();
    await postgres.query("insert into tenants (id, name) values ('tenant_two', 'two') on conflict do nothing");
    await postgres.query("insert into api_keys (sha256, tenant_id, name) values ($1, 'tenant_two', 'chaos')", [createHash('sha256').update(KEYS.two).digest('hex')]);
    const { kafka, minio } = cluster.infrastructure;
    const store = new S3ObjectStore({ endpoint: minio.url, region: 'us-east-1', bucket: 'gpt4video', accessKey: minio.accessKey, secretKey: minio.secretKey, pathStyle: true });
    const sources = { postgres, store, kafka: kafkaClient('history', { kafkaBrokers: kafka.brokers, kafkaTls: false, kafkaSaslMechanism: 'plain' }) };
    return new HurtCluster(cluster, sources, async () => {
      await postgres.end();
      await cluster.stop();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    });
  }

  /** Every service, the broker and the object store; what dies is started again by its supervisor. */
  get victims(): readonly Victim[] {
    const signal = (pid: () => number | undefined, name: NodeJS.Signals): void => {
      const id = pid();
      if (id !== undefined) process.kill(id, name);
    };
    const victim = (name: string, pid: () => number | undefined): Victim => ({
      name,
      kill: () => Promise.resolve(signal(pid, 'SIGKILL')),
      freeze: () => signal(pid, 'SIGSTOP'),
      thaw: () => signal(pid, 'SIGCONT'),
    });
    const { kafka, minio } = this.cluster.infrastructure;
    const servers = [kafka, minio].map((server) => victim(server.name, () => (server.running ? server.pid : undefined)));
    return [...SERVICE_NAMES.map((name) => victim(name, () => this.cluster.service(name).pids[0])), ...servers];
  }

  /** Drains and stops everything; rejects when a process did not end in order. */
  stop(): Promise<void> {
    return this.end();
  }
}
