import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

interface Row {
  readonly what: string;
  readonly difference: number;
}
interface Verdict {
  holds(row: Row): boolean;
}

const scripts = resolve(import.meta.dirname, '../../scripts/parity');
const names = readdirSync(scripts).filter((file) => file.endsWith('.mjs') && file !== 'main.mjs');

// `npm run parity` runs the same checks at the published sizes, each in a process of its own as here.
describe('parity with the reference implementations, small geometry', () => {
  it.each(names)('%s', async (name) => {
    const { holds } = (await import(join(scripts, 'harness/verdict.mjs'))) as Verdict;
    const { stdout } = await promisify(execFile)('node', [join(scripts, 'harness/one-check.mjs'), name.replace('.mjs', ''), 'small']);
    const { rows } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { rows: readonly Row[] };
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter((row) => !holds(row))).toEqual([]);
  }, 180_000);
});
