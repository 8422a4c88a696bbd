import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom } from '@gpt4video/model/random/random';
import { SERVICES } from './rig/service-schemas.js';

interface Line {
  readonly rate: number;
  readonly seconds: number;
  readonly servers: number;
  readonly patience: number;
}

interface Queueing {
  shareWaiting(line: Line): number;
  serversFor(line: Omit<Line, 'servers'>): number;
  simulatedShare(line: Line, arrivals: number, random: () => number): number;
}

const SCRIPTS = join(import.meta.dirname, '../../scripts/capacity');
const { shareWaiting, serversFor, simulatedShare } = (await import(join(SCRIPTS, 'queueing.mjs'))) as Queueing;
const { stageCosts, measured } = (await import(join(SCRIPTS, 'costs.mjs'))) as { stageCosts(): Readonly<Record<string, Readonly<Record<string, number>>>>; measured(page: string, row: string): number };

describe('the capacity of a stage', () => {
  it.each([
    { rate: 1, seconds: 0.5, servers: 1, patience: 0.25 },
    { rate: 10, seconds: 0.46, servers: 6, patience: 0.25 },
    { rate: 50, seconds: 0.2, servers: 12, patience: 0.1 },
  ])('is what a simulation of it shows: %o', (line) => {
    const random = createRandom(7);
    expect(simulatedShare(line, 200_000, () => random.float())).toBeCloseTo(shareWaiting(line), 1.5);
  });

  it('is enough, and one server fewer is not', () => {
    for (const rate of [1, 20, 500]) {
      const line = { rate, seconds: 0.3, patience: 0.25 };
      const servers = serversFor(line);
      expect(shareWaiting({ ...line, servers })).toBeLessThanOrEqual(0.05);
      expect(shareWaiting({ ...line, servers: servers - 1 }) > 0.05 || (rate * line.seconds) / (servers - 1) > 0.8).toBe(true);
    }
  });

  it('of nothing to do is nothing, and of too few servers never enough', () => {
    expect(serversFor({ rate: 0, seconds: 1, patience: 1 })).toBe(0);
    expect(shareWaiting({ rate: 3, seconds: 1, servers: 3, patience: 60 })).toBe(1);
  });
});

describe('npm run capacity', () => {
  it('takes a cost of every service from the measurements', () => {
    const costs = stageCosts();
    expect(Object.keys(costs).sort()).toEqual([...SERVICES].sort());
    for (const events of Object.values(costs)) for (const seconds of Object.values(events)) expect(seconds).toBeGreaterThan(0);
    expect(() => measured('| nothing |', 'film')).toThrow('npm run bench');
  });

  it('prints the page that is kept, from the measurements that are kept', () => {
    const { stdout, stderr } = spawnSync(process.execPath, [join(SCRIPTS, 'main.mjs')], { encoding: 'utf8' });
    // Otherwise: npm run capacity -- --write
    expect({ stdout, stderr }).toEqual({ stdout: readFileSync(join(SCRIPTS, '../../docs/operations/capacity.md'), 'utf8'), stderr: '' });
  });

  it('prints the page, and a faster pod needs fewer of its kind', () => {
    const page = (...args: readonly string[]) => spawnSync(process.execPath, [join(SCRIPTS, 'main.mjs'), ...args], { encoding: 'utf8' }).stdout;
    const pods = (text: string) => Number(/^\| dialogue \| llm \| [\d,]+ \| ([\d,]+)/m.exec(text)?.[1]);
    expect(page()).toContain('10,000 turns/s');
    expect(pods(page('--speed', 'dialogue=10'))).toBeLessThan(pods(page()) / 5);
  });
});
