import { spawn } from 'node:child_process';

/** The static checks, in the order of what a reader wants to know first. */
const CHECKS = [
  { name: 'protos follow buf STANDARD and COMMENTS', command: ['buf', 'lint'] },
  // The Nx rule of ESLint is skipped silently when there is no project graph, so make one first.
  { name: 'the Nx project graph can be made', command: ['nx', 'show', 'projects'] },
  { name: 'types', command: ['tsc', '--noEmit', '-p', 'tsconfig.json'] },
  { name: 'types of the page', command: ['tsc', '--noEmit', '-p', 'apps/web/tsconfig.json'] },
  { name: 'lint and layer rules', command: ['eslint', 'apps', 'libs', 'test', '--max-warnings=0'] },
  { name: 'file-level dependency rules', command: ['depcruise', 'libs', 'apps', '--config', '.dependency-cruiser.cjs'] },
];

/** Runs every check, printing one line each and the output of those that fail. */
export async function runChecks() {
  let passed = 0;
  let failed = 0;
  for (const { name, command } of CHECKS) {
    const started = Date.now();
    const { code, output } = await run(command);
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    process.stdout.write(`${code === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)\n`);
    if (code === 0) passed += 1;
    else {
      failed += 1;
      process.stdout.write(output);
    }
  }
  return { passed, failed };
}

function run([file, ...args]) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.once('error', reject);
    child.once('exit', (code) => resolve({ code, output: Buffer.concat(chunks).toString() }));
  });
}
