import { createHash } from 'node:crypto';
import { DomainError } from '@gpt4video/ports/errors';
import type { ListedObject, ObjectStore } from '@gpt4video/ports/object-store';

/** A store under test. */
export interface StoreUnderTest {
  readonly store: ObjectStore;
  /** Changes stored bytes behind the store's back, keeping their number. */
  damage(key: string): Promise<void>;
  close(): Promise<void>;
}

const text = { mediaType: 'text/plain' };
const bytesOf = (words: string): Uint8Array => new TextEncoder().encode(words);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function* parts(...words: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const word of words) yield await Promise.resolve(bytesOf(word));
}

async function* failing(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytesOf('half'));
  throw new Error('the line broke');
}

async function gather(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all).toString();
}

async function gatherKeys(listed: AsyncIterable<ListedObject>): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key } of listed) keys.push(key);
  return keys;
}

const coded = (code: string): unknown => expect.objectContaining({ name: 'DomainError', code });

/** What every ObjectStore promises. */
export function describeObjectStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name} as an ObjectStore`, () => {
    let under: StoreUnderTest;
    let store: ObjectStore;

    beforeEach(async () => {
      under = await open();
      store = under.store;
    });
    afterEach(() => under.close());

    it('gives a claim check for what was streamed in, and the bytes for the claim check', async () => {
      const ref = await store.put('a/b.txt', parts('one ', 'two'), text);
      expect(ref).toMatchObject({ key: 'a/b.txt', bytes: 7, mediaType: 'text/plain', sha256: sha256(bytesOf('one two')) });
      expect(Buffer.from(await store.read(ref)).toString()).toBe('one two');
      expect(await store.find('a/b.txt')).toEqual(ref);
      expect(await store.head('a/b.txt')).toEqual({ bytes: 7, mediaType: 'text/plain', sha256: ref.sha256 });
    });

    it('keeps an empty object', async () => {
      const ref = await store.put('empty', new Uint8Array(), text);
      expect(await store.read(ref)).toHaveLength(0);
      expect(await gather(await store.stream('empty'))).toBe('');
    });

    it('writes a key once, whoever comes at the same time', async () => {
      const refs = await Promise.all(['x', 'y', 'z'].map((word) => store.put('once', parts(word), text)));
      const stored = Buffer.from(await store.read(refs[0] as never)).toString();
      expect(new Set(refs.map((ref) => ref.sha256))).toEqual(new Set([sha256(bytesOf(stored))]));
      expect((await store.put('once', bytesOf('later'), text)).sha256).toBe(sha256(bytesOf(stored)));
    });

    it.each([1, 20])('gives a writer who was overtaken in mid-body of %i MiB the object of who was quicker', async (size) => {
      async function* overtaken(): AsyncGenerator<Uint8Array> {
        await store.put('race', bytesOf('quicker'), text);
        for (let index = 0; index < size; index += 1) yield new Uint8Array(1024 * 1024);
      }
      const ref = await store.put('race', overtaken(), text);
      expect(ref.sha256).toBe(sha256(bytesOf('quicker')));
      expect(Buffer.from(await store.read(ref)).toString()).toBe('quicker');
    });

    it('is done with a chunk when it asks for the next', async () => {
      const chunk = Buffer.alloc(64 * 1024);
      const fills = Array.from({ length: 100 }, (_, index) => index);
      async function* refilled(): AsyncGenerator<Uint8Array> {
        for (const fill of fills) yield await Promise.resolve(chunk.fill(fill));
      }
      const { sha256: stored } = await store.put('refilled', refilled(), text);
      expect(stored).toBe(sha256(Buffer.concat(fills.map((fill) => Buffer.alloc(chunk.byteLength, fill)))));
      const copies: Uint8Array[] = [];
      for await (const piece of await store.stream('refilled')) copies.push(piece);
      expect(sha256(Buffer.concat(copies))).toBe(stored);
    });

    it('ends a put when it is aborted, although its body stands still', async () => {
      const controller = new AbortController();
      async function* standing(): AsyncGenerator<Uint8Array> {
        yield bytesOf('half');
        controller.abort();
        await new Promise(() => undefined);
      }
      await expect(store.put('standing', standing(), { ...text, signal: controller.signal })).rejects.toEqual(coded('cancelled'));
      expect(await store.find('standing')).toBeUndefined();
    });

    it('keeps a key and keys below it apart', async () => {
      const upper = await store.put('k', bytesOf('upper'), text);
      const lower = await store.put('k/l', bytesOf('lower'), text);
      await store.delete('k');
      expect(await store.find('k')).toBeUndefined();
      expect(Buffer.from(await store.read(lower)).toString()).toBe('lower');
      expect(upper.sha256).not.toBe(lower.sha256);
    });

    it.each(['', '/a', 'a/', 'a//b', '../a', 'a/../b', '.a', 'a/.b', 'a b', 'ä', 'a\\b', 'a\0b'])('refuses the key %j', async (key) => {
      await expect(store.put(key, bytesOf('x'), text)).rejects.toEqual(coded('invalid_request'));
    });

    it('leaves nothing behind when the body fails, is too long or is aborted', async () => {
      await expect(store.put('f', failing(), text)).rejects.toThrow('the line broke');
      await expect(store.put('f', parts('123', '456'), { ...text, maxBytes: 5 })).rejects.toEqual(coded('video_too_large'));
      await expect(store.put('f', parts('1', '2'), { ...text, signal: AbortSignal.abort() })).rejects.toEqual(coded('cancelled'));
      expect(await store.find('f')).toBeUndefined();
      expect((await store.put('f', parts('12345'), { ...text, maxBytes: 5 })).bytes).toBe(5);
    });

    it('streams a range, its end exclusive', async () => {
      await store.put('r', bytesOf('0123456789'), text);
      expect(await gather(await store.stream('r'))).toBe('0123456789');
      expect(await gather(await store.stream('r', { start: 2, end: 5 }))).toBe('234');
      expect(await gather(await store.stream('r', { start: 8, end: 100 }))).toBe('89');
    });

    it('lists what lies under a prefix, with its size and time', async () => {
      for (const key of ['u/a', 'u/b/c', 'ux', 'v/a', '1e5']) await store.put(key, bytesOf(key), text);
      const listed: ListedObject[] = [];
      for await (const each of store.list('u/')) listed.push(each);
      expect(listed.map(({ key, bytes }) => [key, bytes]).toSorted()).toEqual([['u/a', 3], ['u/b/c', 5]]);
      for (const { storedAtMs } of listed) expect(Math.abs(Date.now() - storedAtMs)).toBeLessThan(60_000);
      expect((await gatherKeys(store.list(''))).toSorted()).toEqual(['1e5', 'u/a', 'u/b/c', 'ux', 'v/a']);
      expect(await gatherKeys(store.list('nothing/'))).toEqual([]);
    });

    it.each(['u', '/', '../', '.staging/'])('refuses to list %j', async (prefix) => {
      await expect(async () => await gatherKeys(store.list(prefix))).rejects.toEqual(coded('invalid_request'));
    });

    it('says what is missing', async () => {
      const ref = await store.put('gone', bytesOf('x'), text);
      await store.delete('gone');
      await store.delete('gone');
      expect(await store.head('gone')).toBeUndefined();
      await expect(store.read(ref)).rejects.toEqual(coded('artifact_missing'));
      await expect(store.stream('gone')).rejects.toEqual(coded('artifact_missing'));
      await expect(store.localFile(ref)).rejects.toEqual(coded('artifact_missing'));
    });

    it('takes a key again after its object was deleted', async () => {
      await store.put('again', bytesOf('old'), text);
      await store.delete('again');
      expect(Buffer.from(await store.read(await store.put('again', bytesOf('new'), text))).toString()).toBe('new');
    });

    it('never gives out bytes that are not those of the claim check', async () => {
      const ref = await store.put('d', bytesOf('right'), text);
      await under.damage('d');
      await expect(store.read(ref)).rejects.toEqual(coded('artifact_corrupt'));
      await expect(store.localFile(ref)).rejects.toBeInstanceOf(DomainError);
      await expect(store.stream('d').then(gather)).rejects.toEqual(coded('artifact_corrupt'));
    });

    it('answers', async () => {
      expect(await store.healthy()).toBe(true);
    });
  });
}
