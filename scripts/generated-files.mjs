// Files that are made of other files: written by a command, and checked by it with --check.
import { readFile, writeFile } from 'node:fs/promises';

/** Writes each file whose content differs; with --check names them and fails instead. */
export async function refreshAll(command, makers) {
  const check = process.argv.includes('--check');
  const stale = [];
  for (const [path, make] of Object.entries(makers)) {
    const content = await make();
    if ((await readFile(path, 'utf8').catch(() => undefined)) === content) continue;
    stale.push(path);
    if (!check) await writeFile(path, content);
  }
  if (!check || stale.length === 0) return;
  process.stderr.write(`out of date: ${stale.join(', ')}; run: npm run ${command}\n`);
  process.exitCode = 1;
}
