import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../servers/free-port.js';
import { answersOk } from '../servers/server-process.js';
import { Edge } from './edge.js';
import { type ClusterSettings, environmentOf, type Slot } from './environment.js';
import { type Infrastructure, type StandBefore, startInfrastructure } from './infrastructure.js';
import { writeTargets } from './scrape-targets.js';
import { Service } from './service.js';
import { SERVICE_NAMES, type ServiceName } from './services.js';

/** How a cluster is started. */
export interface ClusterOptions {
  /** Where the servers keep their data; a cluster that starts on it again finds it. */
  readonly folder: string;
  /** A running Postgres. */
  readonly databaseUrl: string;
  /** Key that clients send. */
  readonly apiKey: string;
  /** Root of the repository, built. */
  readonly root: string;
  /** Port of the public API; a free one when absent. */
  readonly port?: number;
  /** Replicas of each service; one when absent. */
  readonly scale?: Partial<Readonly<Record<ServiceName, number>>>;
  /** False for no collector and no Prometheus. */
  readonly telemetry?: boolean;
  readonly logLevel?: string;
  /** Milliseconds that each phase of a service's shutdown may take. */
  readonly drainMs?: number;
  /** More variables for every service. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where something is to stand between the services and their servers; they speak to each other directly when absent. */
  readonly standBefore?: StandBefore;
  /** Takes what replicas print, and what the supervisor says of them. */
  readonly onLine?: (source: string, line: string) => void;
}

const DRAIN_MS = 20_000;

/** Every service as processes of its own, on real Kafka, MinIO and Postgres, kept running. */
export class Cluster {
  private constructor(
    /** The public API. */
    readonly url: string,
    readonly infrastructure: Infrastructure,
    private readonly edge: Edge,
    private readonly services: ReadonlyMap<ServiceName, Service>,
  ) {}

  /** Starts servers and services and resolves when every replica is ready. What was started is stopped when something fails. */
  static async start(options: ClusterOptions): Promise<Cluster> {
    const { folder, root, port = 0, telemetry = true, onLine = () => undefined } = options;
    const say = (line: string): void => onLine('cluster', line);
    await mkdir(folder, { recursive: true });
    const edge = new Edge();
    const url = `http://127.0.0.1:${await edge.listen(port)}`;
    const infrastructure = await startInfrastructure({ folder, root, telemetry, standBefore: options.standBefore, say });
    const services = await planServices(options, infrastructure, { edge, say, onLine });
    const cluster = new Cluster(url, infrastructure, edge, services);
    try {
      for (const started of await Promise.allSettled([...services.values()].map((service) => service.start()))) if (started.status === 'rejected') throw started.reason;
      if (!(await answersOk(`${url}/health/ready`))) throw new Error('The gateway is not ready behind its edge; its log says why.');
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** A service by its name. */
  service(name: ServiceName): Service {
    const service = this.services.get(name);
    if (service === undefined) throw new Error(`there is no service "${name}"`);
    return service;
  }

  /** Replaces every replica of every service, one after the other. */
  async rollingRestart(): Promise<void> {
    for (const name of [...SERVICE_NAMES].reverse()) await this.service(name).rollingRestart();
  }

  /** Drains every service in its turn, then stops the servers. Rejects, when all is stopped, if a replica did not end with 0. */
  async stop(): Promise<void> {
    const unclean: string[] = [];
    for (const name of SERVICE_NAMES) {
      const codes = await this.service(name).stop();
      if (codes.some((code) => code !== 0)) unclean.push(`${name} (${codes.join(', ')})`);
    }
    await this.edge.close();
    await this.infrastructure.stop();
    if (unclean.length > 0) throw new Error(`Some replicas did not end with 0: ${unclean.join('; ')}.`);
  }
}

async function planServices(
  options: ClusterOptions,
  { minio, reached, collector }: Infrastructure,
  { edge, say, onLine }: { readonly edge: Edge; say(line: string): void; onLine(source: string, line: string): void },
): Promise<ReadonlyMap<ServiceName, Service>> {
  const { databaseUrl, apiKey, root, folder, scale = {}, logLevel = 'info', drainMs = DRAIN_MS, environment: more = {} } = options;
  const objects = { url: reached.objectsUrl, accessKey: minio.accessKey, secretKey: minio.secretKey };
  const settings: ClusterSettings = { databaseUrl, brokers: reached.brokers, objects, otlpUrl: collector?.url, apiKey, root, logLevel, drainMs, more };
  const slots = new Map<ServiceName, readonly Slot[]>();
  for (const name of SERVICE_NAMES) slots.set(name, await makeSlots((scale[name] ?? 1) + 1));
  const services = new Map<ServiceName, Service>();
  for (const [name, own] of slots) {
    const service = new Service({
      name,
      slots: own,
      root,
      drainMs,
      environmentOf: (slot) => environmentOf(name, slot, slots, settings),
      onLine: (index, line) => onLine(own.length > 2 ? `${name}-${index}` : name, line),
      say,
      onChange: () => {
        if (name === 'gateway') edge.setTargets(service.slots.map(({ httpPort }) => httpPort));
        void writeTargets(join(folder, 'targets'), name, service.slots.map(({ healthPort }) => healthPort));
      },
    });
    services.set(name, service);
  }
  return services;
}

async function makeSlots(count: number): Promise<readonly Slot[]> {
  return Promise.all(Array.from({ length: count }, async () => ({ grpcPort: await freePort(), healthPort: await freePort(), httpPort: await freePort() })));
}
