import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { keptPort } from './free-port.js';
import { installOnce } from './install-once.js';
import { OTEL_COLLECTOR } from './otel-collector-install.js';
import { ServerProcess } from './server-process.js';

/** How a collector is started. */
export interface OtelCollectorOptions {
  readonly folder: string;
  /**
   * A configuration file that reads `OTLP_HTTP_ENDPOINT` (where to listen) from the environment, and what `env` says besides.
   */
  readonly configuration: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly port?: number;
}

/** A running OpenTelemetry collector. */
export class OtelCollectorServer extends ServerProcess {
  /** OTLP over HTTP; what `OTEL_EXPORTER_OTLP_ENDPOINT` takes. */
  readonly url: string;

  constructor(program: string, folder: string, { port, env }: { readonly port: number; readonly env: Readonly<Record<string, string>> }) {
    super({
      name: 'otel-collector',
      folder,
      program,
      args: ['--config', join(folder, 'configuration.yaml')],
      env: { ...env, OTLP_HTTP_ENDPOINT: `127.0.0.1:${port}` },
      isReady: (log) => log.includes('Everything is ready'),
    });
    this.url = `http://127.0.0.1:${port}`;
  }
}

/** Installs the collector where it is not, and starts it; resolves when it takes spans and metrics. */
export async function startOtelCollector({ folder, configuration, env = {}, port }: OtelCollectorOptions): Promise<OtelCollectorServer> {
  const program = join(await installOnce(OTEL_COLLECTOR), 'otelcol');
  await mkdir(folder, { recursive: true });
  await copyFile(configuration, join(folder, 'configuration.yaml'));
  const server = new OtelCollectorServer(program, folder, { port: port ?? (await keptPort(folder, 'otlp')), env });
  await server.start();
  return server;
}
