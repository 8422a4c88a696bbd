import { createHash } from 'node:crypto';
import { ObjectStore } from '@gpt4video/ports/object-store';
import { UploadService } from '../src/core/uploads/upload.service.js';
import { GatewayRig, json } from './gateway-rig.js';

const FILM = Uint8Array.from({ length: 1_000 }, (_, index) => (index * 7) % 251);

interface ApiUpload {
  readonly id: string;
  readonly status: string;
  readonly file: { readonly id: string; readonly expires_at: number; readonly created_at: number } | null;
  readonly parts?: { readonly id: string; readonly bytes: number }[];
  readonly error?: { readonly code: string; readonly param: string };
}

describe('/v1/uploads', () => {
  let rig: GatewayRig;
  beforeAll(async () => void (rig = await GatewayRig.start({ maxUploadBytes: 100_000 })));
  afterAll(() => rig?.stop());

  const begin = async (extra: object = {}): Promise<ApiUpload> => json<ApiUpload>(await rig.post('/v1/uploads', { filename: 'a.mp4', purpose: 'vision', bytes: FILM.length, mime_type: 'video/mp4', ...extra }));
  const add = async (id: string, bytes: Uint8Array<ArrayBuffer>, tenant = 'a'): Promise<Response> => {
    const form = new FormData();
    form.set('data', new Blob([bytes]), 'part');
    return rig.request(`/v1/uploads/${id}/parts`, { method: 'POST', body: form, tenant });
  };
  const added = async (id: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> => (await json<{ id: string }>(await add(id, bytes))).id;
  const complete = (id: string, body: object, tenant = 'a'): Promise<Response> => rig.post(`/v1/uploads/${id}/complete`, body, { tenant });

  it('puts parts together in the order that is asked for, whatever the order of their arrival', async () => {
    const { id } = await begin({ expires_after: { anchor: 'created_at', seconds: 3_600 } });
    const [tail, head] = await Promise.all([added(id, FILM.slice(600)), added(id, FILM.slice(0, 600))]);
    expect((await json<ApiUpload>(await rig.request(`/v1/uploads/${id}`))).parts?.map(({ bytes }) => bytes).toSorted()).toEqual([400, 600]);
    const md5 = createHash('md5').update(FILM).digest('hex');
    const done = await json<ApiUpload>(await complete(id, { part_ids: [head, tail], md5 }));
    expect(done.status).toBe('completed');
    expect((done.file?.expires_at ?? 0) - (done.file?.created_at ?? 0)).toBe(3_600);
    const content = await rig.request(`/v1/files/${done.file?.id}/content`);
    expect(new Uint8Array(await content.arrayBuffer())).toEqual(FILM);
    expect(await rig.get(ObjectStore).find(`upload-parts/${id}/${head}`)).toBeUndefined();
    expect((await complete(id, { part_ids: [head, tail] })).status).toBe(409);
  });

  it('refuses what does not fit, and can be mended', async () => {
    const { id } = await begin();
    const [head, wrong] = [await added(id, FILM.slice(0, 600)), await added(id, FILM.slice(0, 400))];
    const short = await json<ApiUpload>(await complete(id, { part_ids: [head] }));
    expect(short.error).toMatchObject({ code: 'invalid_request', param: 'part_ids' });
    const md5 = createHash('md5').update(FILM).digest('hex');
    expect((await json<ApiUpload>(await complete(id, { part_ids: [head, wrong], md5 }))).error?.param).toBe('md5');
    expect((await json<ApiUpload>(await complete(id, { part_ids: [head, 'part_x'] }))).error?.param).toBe('part_ids[1]');
    expect((await complete(id, { part_ids: [head, await added(id, FILM.slice(600))], md5 })).status).toBe(200);
    expect((await begin({ bytes: 1_000_000 })).error?.code).toBe('video_too_large');
  });

  it('is put together once by two who ask at the same time', async () => {
    const { id } = await begin();
    const part = await added(id, FILM);
    const statuses = (await Promise.all([1, 2, 3].map(() => complete(id, { part_ids: [part] })))).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 409)).toHaveLength(2);
  });

  it('leaves nothing behind when it is cancelled or its hour has passed', async () => {
    const [given, late] = [await begin(), await begin()];
    const parts = [await added(given.id, FILM), await added(late.id, FILM)];
    expect((await json<ApiUpload>(await rig.post(`/v1/uploads/${given.id}/cancel`, {}))).status).toBe('cancelled');
    await rig.database.kysely.updateTable('uploads').set({ expires_at: new Date(0) }).where('id', '=', late.id).execute();
    expect((await json<ApiUpload>(await rig.request(`/v1/uploads/${late.id}`))).status).toBe('expired');
    await rig.get(UploadService).sweep();
    for (const [index, { id }] of [given, late].entries()) {
      expect(await rig.get(ObjectStore).find(`upload-parts/${id}/${parts[index]}`)).toBeUndefined();
      expect((await add(id, FILM)).status).toBe(409);
    }
  });

  it('is none of another tenant’s business', async () => {
    const { id } = await begin();
    expect((await rig.request(`/v1/uploads/${id}`, { tenant: 'b' })).status).toBe(404);
    expect((await add(id, FILM, 'b')).status).toBe(404);
    expect((await complete(id, { part_ids: ['x'] }, 'b')).status).toBe(404);
    expect((await rig.post(`/v1/uploads/${id}/cancel`, {}, { tenant: 'b' })).status).toBe(404);
  });
});
