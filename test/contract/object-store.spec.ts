import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FilesystemObjectStore } from '@gpt4video/adapters/filesystem/filesystem-object-store';
import { S3ObjectStore } from '@gpt4video/adapters/s3/s3-object-store';
import { describeObjectStore } from '@gpt4video/testing/contracts/object-store-contract';
import { MemoryObjectStore } from '@gpt4video/testing/fakes/memory-object-store';
import { MinioRig } from './minio-rig.js';

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'objects-'));

describeObjectStore('MemoryObjectStore', async () => {
  const store = new MemoryObjectStore();
  return { store, damage: (key) => Promise.resolve(store.corrupt(key)), close: () => Promise.resolve() };
});

describeObjectStore('FilesystemObjectStore', async () => {
  const root = await folder();
  const damage = async (key: string): Promise<void> => {
    const path = join(root, 'objects', `${key}@`, 'data');
    const bytes = await readFile(path);
    await writeFile(path, bytes.map((byte) => byte ^ 1));
  };
  return { store: await FilesystemObjectStore.open(root), damage, close: () => rm(root, { recursive: true, force: true }) };
});

describe('over S3', () => {
  let rig: MinioRig;
  beforeAll(async () => {
    rig = await MinioRig.start();
  }, 600_000);
  afterAll(() => rig?.stop());

  describeObjectStore('S3ObjectStore on MinIO', async () => {
    const options = rig.newBucket();
    return { store: new S3ObjectStore(options), damage: (key) => rig.damage(options.bucket, key), close: () => Promise.resolve() };
  });
});

describe('FilesystemObjectStore', () => {
  let root: string;
  beforeEach(async () => {
    root = await folder();
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('sweeps what a dead process left, and nothing that a live one is writing', async () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const live = process.ppid;
    for (const pid of [dead, live, process.pid]) await mkdir(join(root, 'staging', `${pid}-leftover`), { recursive: true });
    await FilesystemObjectStore.open(root);
    expect(await readdir(join(root, 'staging'))).toEqual([`${live}-leftover`]);
  });

  it('keeps a put in hand over the opening of a second store', async () => {
    const store = await FilesystemObjectStore.open(root);
    const gate = Promise.withResolvers<void>();
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('first ');
      await gate.promise;
      yield Buffer.from('second');
    }
    const put = store.put('slow', slow(), { mediaType: 'text/plain' });
    await FilesystemObjectStore.open(root);
    expect(await store.find('slow')).toBeUndefined();
    gate.resolve();
    expect((await put).bytes).toBe(12);
    expect(await readdir(join(root, 'staging'))).toEqual([]);
  });

  it('finds objects again after a restart', async () => {
    const ref = await (await FilesystemObjectStore.open(root)).put('a/b', Buffer.from('x'), { mediaType: 'text/plain' });
    expect(await (await FilesystemObjectStore.open(root)).find('a/b')).toEqual(ref);
  });
});
