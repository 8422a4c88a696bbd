import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { fetchBundle } from '@gpt4video/adapters/bundle/fetch-bundle';
import { loadBundle } from '@gpt4video/adapters/bundle/load-bundle';
import { fileKey, indexKey, parseIndex, publishBundle } from '@gpt4video/adapters/bundle/published-bundle';
import { fillTinyCache, writeTinyBundle } from '@gpt4video/adapters/bundle/spec-support/tiny-bundle';
import { sha256Of } from '@gpt4video/adapters/bundle/verify-file';
import type { S3Options } from '@gpt4video/adapters/s3/s3-bucket';
import { S3ObjectStore } from '@gpt4video/adapters/s3/s3-object-store';
import { MinioRig } from './minio-rig.js';

const root = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

describe('a bundle that is published in a bucket of a real MinIO', () => {
  let rig: MinioRig;
  let places: { folder: string; cache: string };
  let folder: string;
  let bucket: S3Options;
  let store: S3ObjectStore;
  let lines: string[];
  const into = () => join(folder, 'models');
  const fetched = (sha256: string) => fetchBundle(store, { sha256, into: into(), log: (line) => lines.push(line) });

  beforeAll(async () => void (rig = await MinioRig.start()), 120_000);
  afterAll(() => rig?.stop());

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'published-'));
    places = { folder: join(folder, 'bundle'), cache: join(folder, 'cache') };
    await writeTinyBundle(places.folder);
    await fillTinyCache(places.cache);
    bucket = rig.newBucket();
    store = new S3ObjectStore(bucket);
    lines = [];
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is fetched whole: what a service loads is what was published', async () => {
    const sha256 = await publishBundle(store, places);
    const { files, revision } = await fetched(sha256);
    expect(lines).toHaveLength(files.length);
    const loaded = await loadBundle({ folder: join(into(), 'bundle'), cache: join(into(), 'cache') });
    expect(loaded.revision).toBe(revision);
    expect(await publishBundle(store, places)).toBe(sha256);
  });

  it('keeps what is there and right, and mends what is not', async () => {
    const sha256 = await publishBundle(store, places);
    await fetched(sha256);
    lines = [];
    await writeFile(join(into(), 'bundle/vision.onnx'), 'content of vision.onnX');
    await fetched(sha256);
    expect(lines).toEqual([expect.stringContaining('bundle/vision.onnx')]);
  });

  it('is refused for one file that is not the pinned one, under a name that nobody can load', async () => {
    const sha256 = await publishBundle(store, places);
    const index = parseIndex(Buffer.from(await store.read((await store.find(indexKey(sha256))) ?? fail())).toString());
    const vision = index.files.find(({ path }) => path === 'bundle/vision.onnx') ?? fail();
    // As somebody would who may write into the bucket: the object's own facts are right.
    await store.delete(fileKey(vision.sha256));
    await store.put(fileKey(vision.sha256), Buffer.from('another model of the same name'), { mediaType: 'application/octet-stream' });
    await expect(fetched(sha256)).rejects.toMatchObject({ code: 'artifact_corrupt', message: expect.stringContaining(vision.sha256) });
    expect(await readdir(join(into(), 'bundle'))).not.toEqual(expect.arrayContaining([expect.stringMatching(/^vision/)]));
  });

  it('is refused when its index is another, or leads out of the folder', async () => {
    const sha256 = await publishBundle(store, places);
    const index = Buffer.from(await store.read((await store.find(indexKey(sha256))) ?? fail())).toString();
    await store.delete(indexKey(sha256));
    await expect(fetched(sha256)).rejects.toMatchObject({ code: 'model_unavailable', message: expect.stringContaining('models push') });
    // Well formed, and every file it names is there: only its hash gives it away.
    const another = Buffer.from(JSON.stringify({ ...parseIndex(index), revision: 'another' }));
    await store.put(indexKey(sha256), another, { mediaType: 'application/json' });
    await expect(fetched(sha256)).rejects.toMatchObject({ code: 'artifact_corrupt' });
    const outside = Buffer.from(JSON.stringify({ bundle: 'b', revision: 'r', files: [{ path: 'bundle/../../out', sha256, bytes: 1 }] }));
    await store.put(indexKey(sha256Of([outside])), outside, { mediaType: 'application/json' });
    await expect(fetched(sha256Of([outside]))).rejects.toMatchObject({ code: 'artifact_corrupt' });
  });

  it('is pushed and pulled by the command that the init container runs', async () => {
    const { endpoint, accessKey, secretKey, bucket: name } = bucket;
    const env = { ...process.env, GPT4VIDEO_S3_ENDPOINT: endpoint, GPT4VIDEO_S3_ACCESS_KEY: accessKey, GPT4VIDEO_S3_SECRET_KEY: secretKey, GPT4VIDEO_MODELS_BUCKET: name, GPT4VIDEO_MODEL_CACHE: places.cache };
    const models = (...args: readonly string[]) => run(join(root, 'node_modules/.bin/node'), ['apps/cli/dist/main.js', 'models', ...args], { cwd: root, env });
    const { stdout: sha256 } = await models('push', '--bundle', places.folder);
    const { stdout } = await models('pull', '--published', sha256.trim(), '--into', into());
    expect(stdout).toContain('each as it should be');
    expect(await readFile(join(into(), 'bundle/bundle.json'), 'utf8')).toBe(await readFile(join(places.folder, 'bundle.json'), 'utf8'));
    await expect(models('pull', '--published', 'latest', '--into', into())).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('SHA-256') });
  }, 60_000);
});

function fail(): never {
  throw new Error('it is not there');
}
