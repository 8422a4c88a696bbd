// A process of its own for one check: node one-check.mjs <name> <geometry>. Prints { title, rows, seconds, peakMiB } as its last line.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [name, geometry] = process.argv.slice(2);
const { title, run } = await import(`../${name}.mjs`);
const folder = await mkdtemp(join(tmpdir(), 'gpt4video-parity-'));
try {
  const started = performance.now();
  const rows = await run({ geometry, folder, log: (line) => process.stderr.write(`  ${line}\n`) });
  const seconds = (performance.now() - started) / 1000;
  process.stdout.write(`${JSON.stringify({ title, rows, seconds, peakMiB: process.resourceUsage().maxRSS / 1024 })}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
