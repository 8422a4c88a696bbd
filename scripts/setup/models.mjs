import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** Fetches and assembles the base models that the bundle names, once; the command itself says what it does and is quick when all is there. */
export async function pullModels(root, env) {
  const node = join(root, 'node_modules', '.bin', 'node');
  const args = [join(root, 'apps', 'cli', 'dist', 'main.js'), 'models', 'pull', '--quiet'];
  const code = await new Promise((resolve, reject) => {
    const child = spawn(node, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (code !== 0) {
    process.stderr.write('gpt4video: the base models are not there; the lines above say why\n');
    process.exit(code ?? 1);
  }
}
