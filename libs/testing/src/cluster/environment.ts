import { SERVICES, type ServiceName } from './services.js';

/** Where a replica listens, on loopback. */
export interface Slot {
  readonly grpcPort: number;
  readonly healthPort: number;
  readonly httpPort: number;
}

/** What every service of a cluster is told. */
export interface ClusterSettings {
  readonly databaseUrl: string;
  readonly brokers: readonly string[];
  readonly objects: { readonly url: string; readonly accessKey: string; readonly secretKey: string };
  readonly otlpUrl: string | undefined;
  readonly apiKey: string;
  /** Root of the repository: the bundle and the page lie in it. */
  readonly root: string;
  readonly logLevel: string;
  readonly drainMs: number;
  /** More variables, for every service that knows them. */
  readonly more?: Readonly<Record<string, string>>;
}

/** How long the gateway goes on answering after it is called not ready; longer than the edge takes to hear of it. */
const LAME_DUCK_MS = 1_000;

/** The environment of one replica. `slots` are those of every service, spare ones included, so that a new replica is found where it starts. */
export function environmentOf(name: ServiceName, slot: Slot, slots: ReadonlyMap<ServiceName, readonly Slot[]>, settings: ClusterSettings): Record<string, string> {
  const { objects, facts, calls } = SERVICES[name];
  const peers = Object.entries(calls).map(([variable, callee]) => [variable, (slots.get(callee) ?? []).map(({ grpcPort }) => `127.0.0.1:${grpcPort}`).join(',')]);
  return {
    GPT4VIDEO_GRPC_HOST: '127.0.0.1',
    GPT4VIDEO_GRPC_PORT: String(slot.grpcPort),
    GPT4VIDEO_HEALTH_HOST: '127.0.0.1',
    GPT4VIDEO_HEALTH_PORT: String(slot.healthPort),
    GPT4VIDEO_LOG_LEVEL: settings.logLevel,
    GPT4VIDEO_DRAIN_MS: String(settings.drainMs),
    GPT4VIDEO_BUNDLE_FOLDER: `${settings.root}/models/cartoon`,
    ...(settings.otlpUrl === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: settings.otlpUrl }),
    ...(objects ? objectStore(settings) : {}),
    ...(facts ? { GPT4VIDEO_EVENT_BUS: 'kafka', GPT4VIDEO_KAFKA_BROKERS: settings.brokers.join(',') } : {}),
    ...(name === 'gateway' ? gatewayOnly(slot, settings) : {}),
    ...(name === 'video-generator' ? { GPT4VIDEO_WORKER: `video-generator-${slot.grpcPort}` } : {}),
    ...Object.fromEntries(peers),
    ...settings.more,
  };
}

function objectStore({ objects }: ClusterSettings): Record<string, string> {
  return { GPT4VIDEO_OBJECT_STORE: 's3', GPT4VIDEO_S3_ENDPOINT: objects.url, GPT4VIDEO_S3_ACCESS_KEY: objects.accessKey, GPT4VIDEO_S3_SECRET_KEY: objects.secretKey };
}

function gatewayOnly({ httpPort }: Slot, { databaseUrl, apiKey, root }: ClusterSettings): Record<string, string> {
  return {
    GPT4VIDEO_HTTP_HOST: '127.0.0.1',
    GPT4VIDEO_HTTP_PORT: String(httpPort),
    GPT4VIDEO_DATABASE_URL: databaseUrl,
    GPT4VIDEO_BOOTSTRAP_KEY: apiKey,
    GPT4VIDEO_SESSION_KEY: apiKey,
    GPT4VIDEO_ADMIN_KEY: apiKey,
    GPT4VIDEO_PAGE_DIRECTORY: `${root}/apps/web/dist`,
    GPT4VIDEO_LAME_DUCK_MS: String(LAME_DUCK_MS),
  };
}
