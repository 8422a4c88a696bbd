import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { CHART } from './helm.js';

const service = z.strictObject({
  http: z.boolean().default(false),
  database: z.boolean().default(false),
  objects: z.boolean().default(false),
  computes: z.boolean().default(false),
  models: z.boolean().default(false),
  calls: z.record(z.string(), z.string()).default({}),
  consumes: z.array(z.string()).default([]),
  publishes: z.boolean().default(false),
  internet: z.boolean().default(false),
  signsFilms: z.boolean().default(false),
  knowsFilms: z.boolean().default(false),
  podName: z.string().optional(),
  scaleOn: z.array(z.enum(['lag', 'calls', 'turns', 'films'])),
});

/** What the chart believes of each service. */
export const CATALOG = z.record(z.string(), service).parse(parse(readFileSync(join(CHART, 'catalog.yaml'), 'utf8')));

/** Services that call the given one. */
export function callersOf(name: string): readonly string[] {
  return Object.keys(CATALOG).filter((caller) => Object.values(CATALOG[caller]?.calls ?? {}).includes(name)).sort();
}
