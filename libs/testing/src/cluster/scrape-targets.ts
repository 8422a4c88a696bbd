import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SERVICE_NAMES, type ServiceName } from './services.js';

/** `prometheus.yml` of a cluster on one machine: one job a service, its replicas read from files that change with them. */
export function prometheusConfiguration(folder: string): string {
  const jobs = SERVICE_NAMES.map((name) => `  - job_name: ${name}\n    file_sd_configs: [{files: ['${join(folder, `${name}.json`)}'], refresh_interval: 1s}]`);
  return `global: {scrape_interval: 2s, scrape_timeout: 2s, evaluation_interval: 2s}\nscrape_configs:\n${jobs.join('\n')}\n`;
}

/** Tells Prometheus where the replicas of a service answer scrapes. */
export async function writeTargets(folder: string, name: ServiceName, healthPorts: readonly number[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  const written = join(folder, `${name}.json.new`);
  await writeFile(written, JSON.stringify([{ targets: healthPorts.map((port) => `127.0.0.1:${port}`) }]));
  await rename(written, join(folder, `${name}.json`));
}
