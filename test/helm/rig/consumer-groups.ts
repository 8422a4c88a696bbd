import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TOPICS } from '@gpt4video/contracts/topics';

const APPS = join(import.meta.dirname, '../../../apps');

/** The consumer groups of every topic, read from the consumers' sources. */
export function consumerGroups(): Readonly<Record<string, readonly string[]>> {
  const consumers = readdirSync(APPS, { recursive: true, encoding: 'utf8' }).filter((file) => /\/src\/.*\.consumers?\.ts$/.test(file));
  const pairs = consumers.flatMap((file) => {
    const source = readFileSync(join(APPS, file), 'utf8');
    const [, group = ''] = /(?:GROUP|group) = '([^']+)'/.exec(source) ?? [];
    return [...source.matchAll(/override readonly topic = '([^']+)'/g)].map(([, topic = '']) => ({ topic, group }));
  });
  return Object.fromEntries(Object.keys(TOPICS).map((topic) => [topic, pairs.filter((pair) => pair.topic === topic).map(({ group }) => group)]));
}
