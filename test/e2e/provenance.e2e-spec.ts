import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { readIndependently } from '../contract/c2pa/independent-reader.js';
import { ServerProcess, json, makeDataFolder, until } from './server-process.js';

const root = resolve(import.meta.dirname, '../..');
const SOURCE = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';

interface Provenance {
  readonly object: string;
  readonly ours: boolean;
  readonly unchanged: boolean;
  readonly manifest: { readonly state: string; readonly digital_source_type: string | null; readonly bundle_revision: string | null; readonly faults: readonly string[] };
  readonly watermark: { readonly found: boolean; readonly score: number; readonly threshold: number };
}

describe('where a film comes from', () => {
  let server: ServerProcess;
  let data: Awaited<ReturnType<typeof makeDataFolder>>;
  let folder = '';
  let film: Uint8Array<ArrayBuffer>;

  const inspect = async (bytes: Uint8Array<ArrayBuffer>): Promise<Provenance> => {
    const form = new FormData();
    form.set('file', new Blob([bytes], { type: 'video/mp4' }), 'clip.mp4');
    return json<Provenance>(await server.request('/v1/provenance', { method: 'POST', body: form }));
  };
  const bytesAt = async (path: string): Promise<Uint8Array<ArrayBuffer>> => new Uint8Array(await readFile(path));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gpt4video-provenance-'));
    data = await makeDataFolder();
    server = await ServerProcess.start(data.path);
    const { id } = await json<{ id: string }>(await server.post('/v1/videos', { prompt: 'a green boat moves right over the sea', seed: 4 }));
    await until(async () => json<{ status: string }>(await server.request(`/v1/videos/${id}`)), ({ status }) => status === 'completed');
    film = new Uint8Array(await (await server.request(`/v1/videos/${id}/content`)).arrayBuffer());
    await writeFile(join(folder, 'film.mp4'), film);
  }, 180_000);
  afterAll(async () => {
    await server?.stop();
    await data.remove();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  it('is in the file of every film, and a reader of other makers accepts it', async () => {
    const [reading] = await readIndependently(join(folder, 'film.mp4'));
    expect(reading).toMatchObject({ state: 'Valid', codes: ['signingCredential.untrusted'] });
    expect(JSON.stringify(reading?.store)).toContain(SOURCE);
    expect(JSON.stringify(reading?.store)).not.toContain('green boat');
  }, 120_000);

  it('is told of an unchanged film: signed by us, marked by us', async () => {
    const said = await inspect(film);
    expect(said).toMatchObject({ object: 'provenance', ours: true, unchanged: true, manifest: { state: 'ours', digital_source_type: SOURCE, faults: [] }, watermark: { found: true } });
    const { data: models } = await json<{ data: { revision: string }[] }>(await server.request('/v1/models'));
    expect(said.manifest.bundle_revision).toBe(models[0]?.revision);
  });

  it('is told once under an Idempotency-Key, and another video is told apart', async () => {
    const ask = (bytes: Uint8Array<ArrayBuffer>): Promise<Response> => {
      const form = new FormData();
      form.set('file', new Blob([bytes], { type: 'video/mp4' }), 'clip.mp4');
      return server.request('/v1/provenance', { method: 'POST', body: form, headers: { 'idempotency-key': 'origin' } });
    };
    const first = await json<Provenance>(await ask(film));
    const again = await ask(film);
    expect([again.headers.get('idempotent-replayed'), await json<Provenance>(again)]).toEqual(['true', first]);
    expect((await ask(film.slice(0, -1))).status).toBe(422);
  });

  it('is told of a changed one', async () => {
    const changed = film.slice();
    changed[changed.length - 40] = (changed[changed.length - 40] ?? 0) ^ 1;
    expect(await inspect(changed)).toMatchObject({ ours: true, unchanged: false, manifest: { state: 'broken', faults: ['assertion.bmffHash.mismatch'] } });
  });

  it('is told of a copy of half the size, re-encoded at CRF 28, by its pictures alone', async () => {
    const copy = join(folder, 'copy.mp4');
    await promisify(execFile)(process.execPath, [join(root, 'scripts/provenance/reencode.mjs'), JSON.stringify([{ from: join(folder, 'film.mp4'), to: copy, crf: 28, scale: 0.5 }])]);
    const said = await inspect(await bytesAt(copy));
    expect(said).toMatchObject({ ours: true, unchanged: false, manifest: { state: 'none' }, watermark: { found: true } });
    expect(said.watermark.score).toBeGreaterThan(said.watermark.threshold);
  });

  it('is not claimed for videos of others, uploaded or sent', async () => {
    const clip = await bytesAt(join(root, 'models/cartoon/samples/orange-car.mp4'));
    expect(await inspect(clip)).toMatchObject({ ours: false, unchanged: false, manifest: { state: 'none' }, watermark: { found: false } });
    const { id } = await json<{ id: string }>(await server.upload(clip, 'car.mp4'));
    expect(await json<Provenance>(await server.post('/v1/provenance', { file_id: id }))).toMatchObject({ ours: false });
    expect((await server.post('/v1/provenance', { file_id: 'file_unknown' })).status).toBe(404);
  });

  it('refuses what is no video, and asks for a file', async () => {
    const form = new FormData();
    form.set('file', new Blob(['only words']), 'words.mp4');
    const refused = await server.request('/v1/provenance', { method: 'POST', body: form });
    expect([refused.status, (await json<{ error: { code: string } }>(refused)).error.code]).toEqual([400, 'invalid_video']);
    expect((await server.post('/v1/provenance', {})).status).toBe(400);
  });
});
