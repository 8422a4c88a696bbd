import { type ApiFile, type ApiVideo, CLIP } from './api-objects.js';
import { GatewayRig, json } from './gateway-rig.js';

describe('requests with an Idempotency-Key', () => {
  let rig: GatewayRig;
  beforeAll(async () => void (rig = await GatewayRig.start()));
  afterAll(() => rig?.stop());

  it('does a request with an Idempotency-Key once', async () => {
    const headers = { 'idempotency-key': 'key-1' };
    const first = await json<ApiVideo>(await rig.post('/v1/videos', { prompt: 'once' }, { headers }));
    const again = await rig.post('/v1/videos', { prompt: 'once' }, { headers });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect((await json<ApiVideo>(again)).id).toBe(first.id);
    expect((await rig.post('/v1/videos', { prompt: 'other' }, { headers })).status).toBe(422);
    expect((await json<ApiVideo>(await rig.post('/v1/videos', { prompt: 'once' }, { headers, tenant: 'b' }))).id).not.toBe(first.id);
    const together = await Promise.all([1, 2, 3].map(() => rig.post('/v1/videos', { prompt: 'race' }, { headers: { 'idempotency-key': 'key-2' } })));
    const made = await Promise.all(together.filter(({ status }) => status === 200).map(async (response) => (await json<ApiVideo>(response)).id));
    expect(new Set(made).size).toBe(1);
    expect(together.every(({ status }) => status === 200 || status === 409)).toBe(true);
    expect((await rig.post('/v1/videos', { prompt: '' }, { headers: { 'idempotency-key': 'key-3' } })).status).toBe(400);
    expect((await rig.post('/v1/videos', { prompt: 'mended' }, { headers: { 'idempotency-key': 'key-3' } })).status).toBe(200);
  });

  it('takes a form with an Idempotency-Key once, whatever its boundary, and tells another form apart', async () => {
    const make = (prompt: string): Promise<Response> => {
      const form = new FormData();
      form.set('prompt', prompt);
      return rig.request('/v1/videos', { method: 'POST', body: form, headers: { 'idempotency-key': 'form-1' } });
    };
    const { id } = await json<ApiVideo>(await make('a green ball'));
    const again = await make('a green ball');
    expect([again.headers.get('idempotent-replayed'), (await json<ApiVideo>(again)).id]).toEqual(['true', id]);
    expect((await make('a red ball')).status).toBe(422);
    const upload = await json<{ id: string }>(await rig.post('/v1/uploads', { filename: 'a.mp4', purpose: 'vision', bytes: CLIP.length, mime_type: 'video/mp4' }));
    const add = (bytes: Uint8Array<ArrayBuffer>): Promise<Response> => {
      const form = new FormData();
      form.set('data', new Blob([bytes]), 'part');
      return rig.request(`/v1/uploads/${upload.id}/parts`, { method: 'POST', body: form, headers: { 'idempotency-key': 'part-1' } });
    };
    const [first, second] = [await json<{ id: string }>(await add(CLIP)), await json<{ id: string }>(await add(CLIP))];
    expect(second.id).toBe(first.id);
    expect((await add(CLIP.toReversed())).status).toBe(422);
    expect((await json<{ parts: unknown[] }>(await rig.request(`/v1/uploads/${upload.id}`))).parts).toHaveLength(1);
  });

  it('takes an upload with an Idempotency-Key once, and tells other bytes apart', async () => {
    const headers = { 'idempotency-key': 'upload-1' };
    const first = await json<ApiFile>(await rig.upload(CLIP, { headers }));
    const again = await rig.upload(CLIP, { headers });
    expect([again.status, (await json<ApiFile>(again)).id, again.headers.get('idempotent-replayed')]).toEqual([200, first.id, 'true']);
    expect((await rig.upload(CLIP.toReversed(), { headers })).status).toBe(422);
    const other = new FormData();
    other.set('file', new Blob([CLIP], { type: 'video/mp4' }), 'clip.mp4');
    other.set('purpose', 'user_data');
    expect((await rig.request('/v1/files', { method: 'POST', body: other, headers })).status).toBe(422);
    const broken = { 'idempotency-key': 'upload-2' };
    expect((await rig.upload(new Uint8Array(3), { headers: broken })).status).toBe(400);
    expect((await rig.upload(CLIP, { headers: broken })).status).toBe(200);
  });

  it('makes nothing twice when the process died after the work and before its answer was kept', async () => {
    const headers = { 'idempotency-key': 'died-1' };
    const died = () => rig.database.kysely.updateTable('idempotency_keys').set({ status: null, body: null, locked_until: new Date(0) }).execute();
    const film = await json<ApiVideo>(await rig.post('/v1/videos', { prompt: 'once' }, { headers }));
    await died();
    const again = await rig.post('/v1/videos', { prompt: 'once' }, { headers });
    expect([again.headers.get('idempotent-replayed'), (await json<ApiVideo>(again)).id]).toEqual([null, film.id]);
    const upload = { 'idempotency-key': 'died-2' };
    const file = await json<ApiFile>(await rig.upload(CLIP, { headers: upload }));
    await died();
    expect((await json<ApiFile>(await rig.upload(CLIP, { headers: upload }))).id).toBe(file.id);
    await died();
    expect((await rig.upload(CLIP.toReversed(), { headers: upload })).status).toBe(422);
    expect((await rig.request(`/v1/files/${file.id}/content`)).status).toBe(200);
    const queued = await rig.database.kysely.selectFrom('outbox').select('id').where('topic', '=', 'generation.queued').where('key', '=', film.id).execute();
    expect(queued).toHaveLength(1);
  });

  it('takes a key for new work when its lifetime is over', async () => {
    const headers = { 'idempotency-key': 'old-1' };
    const first = await json<ApiVideo>(await rig.post('/v1/videos', { prompt: 'daily' }, { headers }));
    await rig.database.kysely.updateTable('idempotency_keys').set({ expires_at: new Date(0) }).execute();
    expect((await json<ApiVideo>(await rig.post('/v1/videos', { prompt: 'daily' }, { headers }))).id).not.toBe(first.id);
  });
});
