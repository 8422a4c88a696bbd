import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { keptPort } from '../servers/free-port.js';
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
  /** Where the services reach them: they themselves, or what stands before them. */
  readonly reached: { readonly brokers: readonly string[]; readonly objectsUrl: string };
  /** Absent where telemetry is not wanted. */
  readonly collector: OtelCollectorServer | undefined;
  readonly prometheus: PrometheusServer | undefined;
  stop(): Promise<void>;
}

/** Puts something between the services and a server that listens on `port`; resolves with the port that the services are told. */
export type StandBefore = (server: 'kafka' | 'minio', port: number) => Promise<number>;

/** How the servers are started. */
export interface InfrastructurePlan {
  readonly folder: string;
  readonly root: string;
  readonly telemetry: boolean;
  readonly standBefore?: StandBefore | undefined;
  say(line: string): void;
}

/** Starts the servers side by side, each in its own folder, and keeps them running. */
export async function startInfrastructure({ folder, root, telemetry, standBefore = itself, say }: InfrastructurePlan): Promise<Infrastructure> {
  const place = async (name: string): Promise<string> => {
    await mkdir(join(folder, name), { recursive: true });
    return join(folder, name);
  };
  // Kafka tells its clients where it is, so that the port before it must be known first.
  const kafkaPort = await keptPort(await place('kafka'), 'kafka');
  const reachedKafka = await standBefore('kafka', kafkaPort);
  const [kafka, minio, collector, prometheus] = await Promise.all([
    startKafka({ folder: join(folder, 'kafka'), port: kafkaPort, advertisedPort: reachedKafka }),
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
    reached: { brokers: [`127.0.0.1:${reachedKafka}`], objectsUrl: `http://127.0.0.1:${await standBefore('minio', minio.port)}` },
    collector,
    prometheus,
    stop: async () => {
      for (const each of supervised) await each.stop();
    },
  };
}

function itself(_server: string, port: number): Promise<number> {
  return Promise.resolve(port);
}
