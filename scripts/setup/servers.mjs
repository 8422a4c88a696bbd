import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** Installs the real servers that the tests start, once: a cold build takes minutes, which no test should wait for. */
export async function provisionServers(root, env) {
  const node = join(root, 'node_modules', '.bin', 'node');
  const code = await new Promise((resolve, reject) => {
    const child = spawn(node, [join(root, 'scripts', 'servers', 'main.mjs')], { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] });
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (code === 0) return;
  process.stderr.write('gpt4video: the servers that the tests need are not there; the lines above say why\n');
  process.exit(code ?? 1);
}
