// Files that are made of other files: written by a command, and checked by it with --check.
import { readFile, writeFile } from 'node:fs/promises';

const same = (made, written) => made === written;

/**
 * Writes each file whose content differs; with --check names those that are out of date and fails instead. A maker is a function, or
 * `{ make, agrees }` where something may differ and still be right.
 */
export async function refreshAll(command, makers) {
  const check = process.argv.includes('--check');
  const stale = [];
  for (const [path, maker] of Object.entries(makers)) {
    const { make, agrees = same } = typeof maker === 'function' ? { make: maker } : maker;
    const made = await make();
    const written = await readFile(path, 'utf8').catch(() => '');
    if (!agrees(made, written)) stale.push(path);
    if (!check && made !== written) await writeFile(path, made);
  }
  if (!check || stale.length === 0) return;
  process.stderr.write(`out of date: ${stale.join(', ')}; run: npm run ${command}\n`);
  process.exitCode = 1;
}
