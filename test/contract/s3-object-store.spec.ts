import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { S3ObjectStore } from '@gpt4video/adapters/s3/s3-object-store';
import { MinioRig } from './minio-rig.js';
import { startSmallMinio } from './full-minio.js';

const MIB = 1024 * 1024;
const PART = 5 * MIB;
const video = { mediaType: 'video/mp4' };
const coded = (code: string): unknown => expect.objectContaining({ name: 'DomainError', code });

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Megabytes that differ from each other; `between` runs before each but the first. */
async function* megabytes(count: number, between: (index: number) => Promise<void> | void = () => undefined): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index += 1) {
    if (index > 0) await between(index);
    yield Buffer.alloc(MIB, index + 1);
  }
}

async function digestOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}

/** Tries as a caller does who is told to come again: MinIO takes a while to see that there is room. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === 40) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

describe('S3ObjectStore', () => {
  let rig: MinioRig;
  let bucket: string;
  let store: S3ObjectStore;

  beforeAll(async () => {
    rig = await MinioRig.start();
  }, 600_000);
  beforeEach(() => {
    const options = rig.newBucket();
    bucket = options.bucket;
    store = new S3ObjectStore(options, PART);
  });
  afterEach(() => rig.server.start());
  afterAll(() => rig?.stop());

  describe('with an object of several parts', () => {
    it('keeps type and digest with it, and leaves nothing beside it', async () => {
      const ref = await store.put('film', megabytes(17), video);
      expect(ref).toEqual({ bucket, key: 'film', bytes: 17 * MIB, mediaType: 'video/mp4', sha256: await digestOf(megabytes(17)) });
      expect(await digestOf(await store.stream('film'))).toBe(ref.sha256);
      expect(await digestOf(await store.stream('film', { start: MIB, end: 2 * MIB }))).toBe(createHash('sha256').update(Buffer.alloc(MIB, 2)).digest('hex'));
      expect(await rig.everything(bucket)).toEqual({ keys: ['film'], uploads: [] });
    });

    it('holds a few parts in memory, however long it is', async () => {
      let most = 0;
      collectGarbage();
      const before = process.memoryUsage().arrayBuffers;
      const measure = (index: number): void => {
        if (index % 10 > 0) return;
        // A collection leaves dead buffers to a sweeper beside it, and waits for that of the one before.
        collectGarbage();
        collectGarbage();
        most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      };
      await store.put('long', megabytes(120, measure), video);
      expect(most).toBeLessThan(5 * PART);
    });

    it('gives all who write it at once the object of one of them', async () => {
      const refs = await Promise.all([store.put('one', megabytes(11), video), store.put('one', megabytes(12), video), store.put('one', megabytes(1), video)]);
      expect(new Set(refs.map(({ sha256 }) => sha256)).size).toBe(1);
      expect(await digestOf(await store.stream('one'))).toBe(refs[0].sha256);
      expect(await rig.everything(bucket)).toEqual({ keys: ['one'], uploads: [] });
    });

    it.each(['is aborted', 'breaks'])('leaves nothing when its body %s', async (fate) => {
      const controller = new AbortController();
      const stop = (index: number): void => {
        if (index < 12) return;
        if (fate === 'breaks') throw new Error('the line broke');
        controller.abort();
      };
      const put = store.put('half', megabytes(20, stop), { ...video, signal: controller.signal });
      await expect(put).rejects.toEqual(fate === 'breaks' ? expect.objectContaining({ message: 'the line broke' }) : coded('cancelled'));
      expect(await rig.everything(bucket)).toEqual({ keys: [], uploads: [] });
    });

    it('never gives out other bytes under its claim check', async () => {
      const ref = await store.put('d', megabytes(12), video);
      await rig.damage(bucket, 'd');
      await expect(store.read(ref)).rejects.toEqual(coded('artifact_corrupt'));
      await expect(store.localFile(ref)).rejects.toEqual(coded('artifact_corrupt'));
      await expect(store.stream('d').then(digestOf)).rejects.toEqual(coded('artifact_corrupt'));
    });
  });

  it('shows nothing of a put during which the server was killed, and takes it again', async () => {
    const die = async (index: number): Promise<void> => {
      if (index === 12) await rig.server.kill();
    };
    await expect(store.put('film', megabytes(17, die), video)).rejects.toEqual(coded('unavailable'));
    await rig.server.start();
    expect(await store.find('film')).toBeUndefined();
    expect((await store.put('film', megabytes(17), video)).sha256).toBe(await digestOf(megabytes(17)));
  });

  it('carries a put and a stream over a restart of the server', async () => {
    // However long a start takes on this machine.
    const patient = new S3ObjectStore({ ...rig.newBucket(), patienceMs: 120_000 }, PART);
    const restart = async (index: number): Promise<void> => {
      if (index !== 12) return;
      await rig.server.kill();
      await rig.server.start();
    };
    const { sha256 } = await patient.put('film', megabytes(24, restart), video);
    expect(sha256).toBe(await digestOf(megabytes(24)));
    const read = createHash('sha256');
    let chunks = 0;
    for await (const chunk of await patient.stream('film')) {
      read.update(chunk);
      chunks += 1;
      if (chunks === 2) await restart(12);
    }
    expect(read.digest('hex')).toBe(sha256);
  });

  it('says that the server does not answer, whether it is gone or silent', async () => {
    const { bucket: name, ...options } = rig.newBucket();
    const impatient = new S3ObjectStore({ ...options, bucket: name, idleMs: 300, patienceMs: 300 });
    const ref = await impatient.put('x', Buffer.from('x'), video);
    await rig.server.pause();
    await expect(impatient.read(ref)).rejects.toEqual(coded('unavailable'));
    expect(await impatient.healthy()).toBe(false);
    rig.server.resume();
    expect(Buffer.from(await impatient.read(ref)).toString()).toBe('x');
    await rig.server.kill();
    await expect(impatient.read(ref)).rejects.toEqual(coded('unavailable'));
    expect(await impatient.healthy()).toBe(false);
  });

  it('gives up the request in hand when a put is aborted', async () => {
    await store.put('x', Buffer.from('x'), video);
    await rig.server.pause();
    await expect(store.put('y', Buffer.from('y'), { ...video, signal: AbortSignal.timeout(300) })).rejects.toEqual(coded('cancelled'));
    rig.server.resume();
    expect(await store.find('y')).toBeUndefined();
  });

  it('is unhealthy and throws no promise of a retry when its keys are wrong', async () => {
    const stranger = new S3ObjectStore({ ...rig.newBucket(), secretKey: 'wrong-secret' });
    expect(await stranger.healthy()).toBe(false);
    await expect(stranger.find('x')).rejects.toMatchObject({ code: 'AccessDenied' });
  });

  it('lets what a crash left in staging expire, and keeps rules that were there', async () => {
    const other = { ID: 'other', Status: 'Enabled', Filter: { Prefix: 'logs/' }, Expiration: { Days: 7 } };
    await rig.client.makeBucket(bucket);
    await rig.client.setBucketLifecycle(bucket, { Rule: [other] } as never);
    await store.put('x', Buffer.from('x'), video);
    const { Rule } = (await rig.client.getBucketLifecycle(bucket)) as unknown as { readonly Rule: readonly Record<string, unknown>[] };
    expect(Rule).toEqual([other, expect.objectContaining({ ID: 'gpt4video-staging', Filter: { Prefix: '.staging/' }, Expiration: { Days: 1 } })]);
  });
});

describe('S3ObjectStore on a disk that fills up', () => {
  let rig: MinioRig;

  beforeAll(async () => {
    rig = await MinioRig.start((folder) => startSmallMinio(folder, 64));
  }, 600_000);
  afterAll(() => rig?.stop());

  it('says that it is full, keeps nothing half, and goes on when there is room', async () => {
    const options = rig.newBucket();
    const store = new S3ObjectStore(options, PART);
    await store.put('first', megabytes(20), video);
    // In parts, which come to stand in staging and at their key, and in one piece.
    await expect(store.put('large', megabytes(60), video)).rejects.toMatchObject({ code: 'storage_full', retryAfterMs: expect.any(Number) });
    expect(await rig.everything(options.bucket)).toEqual({ keys: ['first'], uploads: [] });
    const whole = new S3ObjectStore(options, 64 * MIB);
    await expect(whole.put('whole', megabytes(60), video)).rejects.toEqual(coded('storage_full'));
    expect(await rig.everything(options.bucket)).toEqual({ keys: ['first'], uploads: [] });
    await store.delete('first');
    expect((await patiently(() => store.put('small', megabytes(2), video))).bytes).toBe(2 * MIB);
  });
});
