import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keptPort } from './free-port.js';
import { installOnce } from './install-once.js';
import { PROMETHEUS } from './prometheus-install.js';
import { answersOk, ServerProcess } from './server-process.js';

/** How a Prometheus is started. */
export interface PrometheusOptions {
  readonly folder: string;
  /** The text of `prometheus.yml`. */
  readonly configuration: string;
  /** Rule files that the configuration names; copied into the folder under their own names. */
  readonly rules?: readonly string[];
  readonly port?: number;
}

/** A running Prometheus. */
export class PrometheusServer extends ServerProcess {
  readonly url: string;

  constructor(installed: string, folder: string, port: number) {
    const url = `http://127.0.0.1:${port}`;
    super({
      name: 'prometheus',
      folder,
      program: join(installed, 'usr/bin/prometheus'),
      args: [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        '--storage.tsdb.retention.size=512MB',
        `--web.listen-address=127.0.0.1:${port}`,
        '--enable-feature=exemplar-storage',
        '--web.enable-lifecycle',
      ],
      isReady: () => answersOk(`${url}/-/ready`),
    });
    this.url = url;
  }

  /** Values of an instant query, one per series, with the series' labels. */
  async query(expression: string): Promise<readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[]> {
    const response = await fetch(`${this.url}/api/v1/query?query=${encodeURIComponent(expression)}`);
    const { data, error } = (await response.json()) as { data?: { result: { metric: Record<string, string>; value: [number, string] }[] }; error?: string };
    if (data === undefined) throw new Error(`Prometheus refuses "${expression}": ${error}`);
    return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
  }
}

/** Path of Alertmanager, installed where it is not. */
export async function alertmanager(): Promise<string> {
  return join(await installOnce(PROMETHEUS), 'usr/bin/prometheus-alertmanager');
}

/** Installs Prometheus where it is not, and starts it; resolves when it serves. */
export async function startPrometheus({ folder, configuration, rules = [], port }: PrometheusOptions): Promise<PrometheusServer> {
  const installed = await installOnce(PROMETHEUS);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'prometheus.yml'), configuration);
  for (const rule of rules) await copyFile(rule, join(folder, rule.split('/').at(-1) ?? 'rules.yml'));
  const server = new PrometheusServer(installed, folder, port ?? (await keptPort(folder, 'prometheus')));
  await server.start();
  return server;
}
