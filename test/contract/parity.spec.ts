import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

interface Row {
  readonly what: string;
  readonly difference: number;
}
interface Check {
  readonly title: string;
  run(options: { geometry: 'small'; folder: string; log: (line: string) => void }): Promise<readonly Row[]>;
}
interface Verdict {
  holds(row: Row): boolean;
}

const scripts = resolve(import.meta.dirname, '../../scripts/parity');
const names = readdirSync(scripts).filter((file) => file.endsWith('.mjs') && file !== 'main.mjs');

// `npm run parity` runs the same checks at the published sizes.
describe('parity with the reference implementations, small geometry', () => {
  it.each(names)('%s', async (name) => {
    const { run } = (await import(join(scripts, name))) as Check;
    const { holds } = (await import(join(scripts, 'harness/verdict.mjs'))) as Verdict;
    const folder = mkdtempSync(join(tmpdir(), 'gpt4video-parity-'));
    try {
      const rows = await run({ geometry: 'small', folder, log: () => undefined });
      expect(rows.length).toBeGreaterThan(0);
      expect(rows.filter((row) => !holds(row))).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 180_000);
});
