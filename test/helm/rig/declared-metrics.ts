import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const ROOT = join(import.meta.dirname, '../../..');

const declared = z.record(z.string(), z.looseObject({ name: z.string().startsWith('gpt4video_'), type: z.enum(['counter', 'gauge', 'histogram']), labels: z.array(z.string()).default([]) }));

/** Labels of every series that the code declares, by its full name; a histogram has three series. */
export async function declaredSeries(): Promise<ReadonlyMap<string, readonly string[]>> {
  const series = new Map<string, readonly string[]>();
  for (const module of declaringModules()) {
    const exported = (await import(module)) as Readonly<Record<string, unknown>>;
    for (const value of Object.values(exported)) {
      const { success, data = {} } = declared.safeParse(value);
      if (success) for (const metric of Object.values(data)) for (const [name, labels] of seriesOf(metric)) series.set(name, labels);
    }
  }
  return series;
}

function seriesOf({ name, type, labels }: { readonly name: string; readonly type: string; readonly labels: readonly string[] }): readonly (readonly [string, readonly string[]])[] {
  if (type !== 'histogram') return [[name, labels]];
  return [[`${name}_bucket`, [...labels, 'le']], [`${name}_sum`, labels], [`${name}_count`, labels]];
}

/** Import paths of the sources that declare metrics. */
function declaringModules(): readonly string[] {
  return ['apps', 'libs'].flatMap((group) => readdirSync(join(ROOT, group)).flatMap((project) => {
    const sources = join(ROOT, group, project, 'src');
    return readdirSync(sources, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && /^export const \w+ = declareMetrics\(/m.test(readFileSync(join(sources, file), 'utf8')))
      .map((file) => `@gpt4video/${project}/${file.replace(/\.ts$/, '')}`);
  }));
}
