// `npm run images [-- SERVICE …]`: what building the images would do, without Docker. Runs the Dockerfile's own build commands on what
// .dockerignore sends, and starts services from the resulting tree as another user. Takes minutes: it installs every package anew.
import { chmod, cp, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modelCacheFolder } from '@gpt4video/adapters/bundle/model-cache';
import { freePort } from '@gpt4video/testing/servers/free-port';
import { runBuildStage } from './build-stage.mjs';
import { startService } from './start-service.mjs';

const services = process.argv.slice(2).length > 0 ? process.argv.slice(2) : ['clip-encoder', 'frame-extractor'];
const say = (line) => process.stdout.write(`images: ${line}\n`);
/** What builds and checks, and has no place in an image. */
const LEFT_OUT = ['jest', 'typescript', 'nx', '@swc/core', 'eslint', 'playwright-core'];

const root = await mkdtemp(join(tmpdir(), 'gpt4video-images-'));
const [source, out, models] = ['src', 'app', 'models'].map((name) => join(root, name));
try {
  await chmod(root, 0o755);
  await mkdir(source);
  await runBuildStage({ source, out, log: say });
  await checkTree();
  await cp(join(source, 'models/cartoon'), join(models, 'bundle'), { recursive: true });
  await cp(modelCacheFolder(process.env), join(models, 'cache'), { recursive: true });
  await rm(source, { recursive: true });
  for (const service of services) await checkService(service);
  say('every check passed');
} finally {
  await rm(root, { recursive: true, force: true });
}

async function checkTree() {
  for (const name of LEFT_OUT) if (await exists(join(out, 'node_modules', name))) throw new Error(`the image would hold ${name}`);
  const { bomFormat, components } = JSON.parse(await readFile(join(out, 'sbom.cdx.json'), 'utf8'));
  const named = new Set(components.map(({ name }) => name));
  for (const name of ['onnxruntime-node', 'kafkajs', '@grpc/grpc-js']) if (!named.has(name)) throw new Error(`the SBOM does not name ${name}`);
  const megabytes = Number(execFileSync('du', ['-sm', out], { encoding: 'utf8' }).split('\t')[0]);
  say(`${megabytes} MB, ${bomFormat} SBOM of ${components.length} components`);
}

async function checkService(app) {
  const tmp = join(root, `tmp-${app}`);
  await mkdir(tmp);
  await chmod(tmp, 0o777);
  const ports = { grpc: await freePort(), health: await freePort() };
  const env = {
    GPT4VIDEO_GRPC_HOST: '127.0.0.1',
    GPT4VIDEO_GRPC_PORT: String(ports.grpc),
    GPT4VIDEO_HEALTH_HOST: '127.0.0.1',
    GPT4VIDEO_HEALTH_PORT: String(ports.health),
    GPT4VIDEO_BUNDLE_FOLDER: join(models, 'bundle'),
    GPT4VIDEO_MODEL_CACHE: join(models, 'cache'),
    GPT4VIDEO_OBJECT_FOLDER: join(tmp, 'objects'),
    GPT4VIDEO_PROVENANCE_FOLDER: join(tmp, 'provenance'),
  };
  // Only root can become another user; others cannot write what they may not.
  if (process.getuid() !== 0) execFileSync('chmod', ['-R', 'a-w', out]);
  const { status, exit, user } = await startService({ out, app, tmp, env, ports });
  if (status !== 'SERVING' || exit !== 0) throw new Error(`${app}: gRPC health ${status}, exit code ${exit}`);
  say(`${app} as user ${user}: gRPC health ${status}, SIGTERM ends it with ${exit}`);
}

function exists(path) {
  return stat(path).then(() => true, () => false);
}
