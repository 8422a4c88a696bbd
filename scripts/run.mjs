// The first step of every README command. Runs on any Node ≥ 20, prepares what the command needs,
// then hands over to the Node that the lock file pins (npm package `node`).
import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './setup/build.mjs';
import { installDependencies } from './setup/dependencies.mjs';
import { generate } from './setup/generate.mjs';
import { pullModels } from './setup/models.mjs';
import { provisionServers } from './setup/servers.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

const COMMANDS = {
  setup: { needs: [generate, build, pullModels], script: undefined },
  'api:docs': { needs: [generate, build], script: 'scripts/api-docs.mjs' },
  demo: { needs: [generate, build, pullModels], script: 'scripts/demo/main.mjs' },
  start: { needs: [generate, build, pullModels], script: 'apps/standalone/dist/main.js' },
  test: { needs: [generate, build, pullModels, provisionServers], script: 'scripts/test.mjs' },
  cluster: { needs: [generate, build, pullModels], script: 'scripts/cluster/main.mjs' },
  servers: { needs: [generate, build], script: 'scripts/servers/main.mjs' },
  bench: { needs: [generate, build, pullModels], script: 'bench/main.mjs' },
  'bench:api': { needs: [generate, build], script: 'bench/api/main.mjs' },
  parity: { needs: [generate, build], script: 'scripts/parity/main.mjs' },
  'bench:cluster': { needs: [generate, build, pullModels], script: 'bench/cluster/main.mjs' },
  'bench:models': { needs: [generate, build, pullModels], script: 'bench/models/main.mjs' },
  'bench:cuda': { needs: [generate, build], script: 'bench/cuda/main.mjs' },
  'provenance:measure': { needs: [generate, build, pullModels], script: 'scripts/provenance/measure.mjs' },
  chaos: { needs: [generate, build, pullModels], script: 'scripts/chaos.mjs' },
  pictures: { needs: [generate, build, pullModels], script: 'scripts/pictures/main.mjs' },
  variants: { needs: [generate, build, pullModels], script: 'scripts/variants/main.mjs' },
  zoo: { needs: [generate, build], script: 'scripts/zoo.mjs' },
  telemetry: { needs: [generate, build], script: 'scripts/telemetry/main.mjs' },
  capacity: { needs: [], script: 'scripts/capacity/main.mjs' },
  monitoring: { needs: [], script: 'scripts/monitoring/main.mjs' },
  images: { needs: [generate, build, pullModels], script: 'scripts/images/main.mjs' },
  chart: { needs: [generate, build], script: 'scripts/chart/main.mjs' },
};

const [name = '', ...args] = process.argv.slice(2);
const command = COMMANDS[name];
if (command === undefined) fail(`unknown command "${name}"; choose one of ${Object.keys(COMMANDS).join(', ')}`);
if (Number(process.versions.node.split('.')[0]) < 20) fail(`Node ${process.versions.node} is too old to begin with; install Node 20 or newer`);

await installDependencies(root);
const env = { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`, NX_DAEMON: 'false', NX_TUI: 'false' };
for (const prepare of command.needs) await prepare(root, env);
if (command.script !== undefined) await handOver(command.script, args);

/** Runs the command on the pinned Node; its exit code is ours, and a signal to us reaches it. */
async function handOver(script, rest) {
  const child = spawn(join(root, 'node_modules', '.bin', 'node'), [join(root, script), ...rest], { env, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? (signal === null ? 1 : 128))));
}

function fail(message) {
  process.stderr.write(`gpt4video: ${message}\n`);
  process.exit(2);
}
