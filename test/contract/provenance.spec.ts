import { createServer } from 'node:http';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { C2paReader } from '@gpt4video/adapters/c2pa/c2pa-reader';
import { C2paSigner } from '@gpt4video/adapters/c2pa/c2pa-signer';
import { developmentIdentity } from '@gpt4video/adapters/c2pa/development-identity';
import { signerIdentity, trustedRoot, watermarkSecrets } from '@gpt4video/adapters/c2pa/film-identity';
import type { ManifestReading } from '@gpt4video/ports/provenance';
import { readIndependently } from './c2pa/independent-reader.js';
import { withoutManifest, withRemoteManifest } from './c2pa/mp4-boxes.js';

const sample = resolve(import.meta.dirname, '../../models/cartoon/samples/red-star.mp4');
const SOURCE = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';
const never = new AbortController().signal;

describe('C2PA', () => {
  let folder = '';
  let signer: C2paSigner;
  let reader: C2paReader;
  let plain: Uint8Array;
  let signed: Uint8Array;

  const written = async (name: string, bytes: Uint8Array): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, bytes);
    return path;
  };
  const read = async (bytes: Uint8Array): Promise<ManifestReading> => await reader.read(await written('read.mp4', bytes), never);
  const flipped = (at: number): Uint8Array => signed.map((byte, index) => (index === at ? byte ^ 1 : byte));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gpt4video-c2pa-'));
    const identity = await developmentIdentity(join(folder, 'identity'), new Date());
    signer = await C2paSigner.open(identity);
    reader = await C2paReader.open(identity.trustAnchors);
    plain = await readFile(sample);
    signed = await signer.sign(plain, { title: 'video_1', bundleRevision: 'abc123' }, never);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('signs a film so that it knows it again', async () => {
    expect(await read(signed)).toEqual({ state: 'ours', generator: 'GPT4Video 0.1.0', signer: 'GPT4Video development (not trusted)', digitalSourceType: SOURCE, bundleRevision: 'abc123', faults: [] });
  });

  it('is accepted by a reader of other makers, which finds the film changed after one flipped byte', async () => {
    const [whole, changed] = await readIndependently(await written('whole.mp4', signed), await written('changed.mp4', flipped(signed.length - 100)));
    // Whole; the certificate of one machine is on nobody's list.
    expect([whole?.state, whole?.codes]).toEqual(['Valid', ['signingCredential.untrusted']]);
    expect([changed?.state, changed?.codes]).toEqual(['Invalid', expect.arrayContaining(['assertion.bmffHash.mismatch'])]);
    const manifest = whole?.store?.manifests[whole.store.active_manifest];
    expect(manifest).toMatchObject({
      claim_generator_info: [{ name: 'GPT4Video' }],
      assertions: expect.arrayContaining([
        expect.objectContaining({ label: 'org.gpt4video.bundle', data: { revision: 'abc123' } }),
        expect.objectContaining({ label: 'c2pa.actions.v2', data: expect.objectContaining({ actions: [expect.objectContaining({ action: 'c2pa.created', digitalSourceType: SOURCE })] }) }),
      ]),
    });
  }, 120_000);

  it('leaves pictures as they are: without its box the file is the same each time', async () => {
    const again = await signer.sign(plain, { title: 'video_1', bundleRevision: 'abc123' }, never);
    expect(Buffer.compare(again, signed)).not.toBe(0);
    expect(Buffer.compare(withoutManifest(again), withoutManifest(signed))).toBe(0);
  });

  it.each([
    ['a picture', () => signed.length - 100],
    ['the claim', () => Buffer.from(signed).indexOf('abc123')],
    ['the title', () => Buffer.from(signed).indexOf('video_1')],
    ['the signature', () => Buffer.from(signed).indexOf('c2pa.signature') + 400],
  ])('finds one flipped byte in %s', async (_what, at) => {
    expect((await read(flipped(at()))).state).toBe('broken');
  });

  it('tells films that others signed', async () => {
    const other = await C2paSigner.open(await developmentIdentity(join(folder, 'other'), new Date()));
    const theirs = await other.sign(plain, { title: 'theirs', bundleRevision: 'x' }, never);
    expect(await read(theirs)).toMatchObject({ state: 'valid', faults: ['signingCredential.untrusted'] });
  });

  it.each([
    ['a film without one', () => plain],
    ['words', () => Buffer.from('only words '.repeat(50))],
    ['nothing', () => new Uint8Array()],
  ])('finds no manifest in %s', async (_what, bytes) => {
    expect(await read(bytes())).toEqual({ state: 'none', faults: [] });
  });

  it('never fetches a manifest from where a file says it lies', async () => {
    let asked = 0;
    const server = createServer((_request, response) => ((asked += 1), response.end(Buffer.from('x'))));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect((await read(withRemoteManifest(plain, `http://127.0.0.1:${port}/manifest.c2pa`))).state).not.toBe('ours');
    server.close();
    expect(asked).toBe(0);
  });

  it('keeps its identity, readable by its owner only', async () => {
    const path = join(folder, 'identity', 'development-identity.json');
    const before = await readFile(path, 'utf8');
    await developmentIdentity(join(folder, 'identity'), new Date());
    expect(await readFile(path, 'utf8')).toBe(before);
    expect((await stat(path)).mode & 0o077).toBe(0);
  });

  it('keeps one identity of several that are made at once', async () => {
    const made = await Promise.all(Array.from({ length: 12 }).map(async () => await developmentIdentity(join(folder, 'race'), new Date())));
    expect(new Set(made.map(({ certificates }) => certificates)).size).toBe(1);
  });

  it('signs as a deployment says, and says what of it is of no use', async () => {
    const { certificates, privateKey } = await developmentIdentity(join(folder, 'other'), new Date());
    const options = { folder: join(folder, 'unused'), certificates, privateKey };
    const deployed = await C2paSigner.open(await signerIdentity(options, new Date()));
    const path = await written('deployed.mp4', await deployed.sign(plain, { title: 't', bundleRevision: 'r' }, never));
    expect((await (await C2paReader.open(await trustedRoot(options, new Date()))).read(path, never)).state).toBe('ours');
    await expect(signerIdentity({ ...options, privateKey: undefined }, new Date())).rejects.toMatchObject({ code: 'invalid_request', message: expect.stringContaining('give both') });
    await expect(signerIdentity({ ...options, certificates: privateKey }, new Date())).rejects.toMatchObject({ message: expect.stringContaining('no certificate') });
    const alien = await developmentIdentity(join(folder, 'identity'), new Date());
    await expect(C2paSigner.open({ certificates, privateKey: 'no key', trustAnchors: alien.trustAnchors })).rejects.toMatchObject({ code: 'invalid_request', message: expect.stringContaining('PKCS#8') });
  });

  it('keeps a watermark key, and takes several that are given', async () => {
    const [made] = await watermarkSecrets({ folder: join(folder, 'marks') });
    expect(made).toHaveLength(24);
    expect(await watermarkSecrets({ folder: join(folder, 'marks') })).toEqual([made]);
    expect(await watermarkSecrets({ folder: '', watermarkKeys: `${'0a'.repeat(24)}, ${'ff'.repeat(24)}` })).toEqual([Buffer.alloc(24, 10), Buffer.alloc(24, 255)]);
  });
});
