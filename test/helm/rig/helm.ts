import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { helmProgram } from '@gpt4video/testing/servers/helm';

/** Folder of the chart. */
export const CHART = join(import.meta.dirname, '../../../helm/gpt4video');

/** How a run of Helm ended. */
export interface HelmRun {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Helm to its end. */
export async function helm(...args: readonly string[]): Promise<HelmRun> {
  return run(args, '');
}

/** Renders the chart with these values over its own, and `--set` and the like over them. */
export async function renderValues(values: unknown, { release = 'gpt4video', args = [] }: { readonly release?: string; readonly args?: readonly string[] } = {}): Promise<HelmRun> {
  // JSON is YAML.
  return run(['template', release, CHART, '--namespace', 'gpt4video', '--values', '-', ...args], JSON.stringify(values));
}

/** Path of an example's values. */
export function example(name: string): string {
  return join(CHART, 'examples', `${name}.yaml`);
}

/** Renders the chart with an example's values, and `--set` pairs over them. Throws Helm's own words when it refuses. */
export async function renderText(name: string, ...sets: readonly string[]): Promise<string> {
  const run = await helm('template', 'gpt4video', CHART, '--namespace', 'gpt4video', '--values', example(name), ...sets.flatMap((pair) => ['--set', pair]));
  if (!run.ok) throw new Error(run.stderr);
  return run.stdout;
}

async function run(args: readonly string[], input: string): Promise<HelmRun> {
  const program = await helmProgram();
  return new Promise((resolve) => {
    const child = execFile(program, args, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => resolve({ ok: error === null, stdout, stderr }));
    child.stdin?.end(input);
  });
}
