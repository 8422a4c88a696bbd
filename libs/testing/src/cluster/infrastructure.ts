import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type KafkaServer, startKafka } from '../servers/kafka.js';
import { type MinioServer, startMinio } from '../servers/minio.js';
import { type OtelCollectorServer, startOtelCollector } from '../servers/otel-collector.js';
import { type PrometheusServer, startPrometheus } from '../servers/prometheus.js';
import { prometheusConfiguration } from './scrape-targets.js';
import { Supervised } from './supervised.js';

/** The servers that the services stand on; Postgres is given. */
export interface Infrastructure {
  readonly kafka: KafkaServer;
  readonly minio: MinioServer;
  /** Absent where telemetry is not wanted. */
  readonly collector: OtelCollectorServer | undefined;
  readonly prometheus: PrometheusServer | undefined;
  stop(): Promise<void>;
}

/** Starts the servers side by side, each in its own folder, and keeps them running. */
export async function startInfrastructure({ folder, root, telemetry, say }: { readonly folder: string; readonly root: string; readonly telemetry: boolean; say(line: string): void }): Promise<Infrastructure> {
  const place = async (name: string): Promise<string> => {
    await mkdir(join(folder, name), { recursive: true });
    return join(folder, name);
  };
  const [kafka, minio, collector, prometheus] = await Promise.all([
    place('kafka').then((at) => startKafka({ folder: at })),
    place('minio').then((at) => startMinio({ folder: at })),
    telemetry ? place('otel').then((at) => startOtelCollector({ folder: at, configuration: join(root, 'deploy/otel-collector.yaml'), env: { TELEMETRY_FILE: join(at, 'telemetry.jsonl') } })) : undefined,
    telemetry ? place('prometheus').then((at) => startPrometheus({ folder: at, configuration: prometheusConfiguration(join(folder, 'targets')) })) : undefined,
  ]);
  const servers = [prometheus, collector, minio, kafka].filter((server) => server !== undefined);
  const supervised = servers.map((server) => new Supervised(server, say));
  for (const each of supervised) await each.start();
  return {
    kafka,
    minio,
    collector,
    prometheus,
    stop: async () => {
      for (const each of supervised) await each.stop();
    },
  };
}
