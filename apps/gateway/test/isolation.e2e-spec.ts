import { ofBodies, namingFields } from './naming-fields.js';
import { GatewayRig, json, keyOf } from './gateway-rig.js';

/** A body that each POST takes, so that what is refused is the id. */
const BODIES: Readonly<Record<string, unknown>> = { remixVideo: { prompt: 'mine now' }, completeUpload: { part_ids: ['x'] } };

function partForm(): FormData {
  const form = new FormData();
  form.set('data', new Blob(['x']), 'x');
  return form;
}

describe('another tenant’s ids', () => {
  let rig: GatewayRig;
  let ids: Record<string, string>;
  beforeAll(async () => {
    rig = await GatewayRig.start({ privateHosts: ['127.0.0.1:9'] });
    const made = async (response: Response): Promise<string> => (await json<{ id: string }>(response)).id;
    const upload = await made(await rig.post('/v1/uploads', { filename: 'a.mp4', purpose: 'vision', bytes: 9, mime_type: 'video/mp4' }));
    ids = {
      files: await made(await rig.upload(new Uint8Array(64))),
      videos: await made(await rig.post('/v1/videos', { prompt: 'a ball' })),
      uploads: upload,
      parts: await made(await rig.request(`/v1/uploads/${upload}/parts`, { method: 'POST', body: partForm() })),
      webhooks: await made(await rig.post('/v1/webhooks', { url: 'http://127.0.0.1:9/', events: ['video.failed'] })),
    };
  });
  afterAll(() => rig?.stop());

  it('are 404 on every route that takes one, and stay as they were', async () => {
    const routes = Object.entries(rig.described.document.paths).flatMap(([path, operations]) => Object.entries(operations).map(([method, operation]) => ({ path, method, operation: operation as unknown as { operationId: string } })));
    const withIds = routes.filter(({ path }) => path.includes('{id}') && !path.startsWith('/v1/models'));
    expect(withIds.length).toBeGreaterThanOrEqual(15);
    for (const { path, method, operation } of withIds) {
      const kind = path.split('/')[2] ?? '';
      const json = { body: JSON.stringify(BODIES[operation.operationId] ?? {}), headers: { 'content-type': 'application/json' } };
      const init = method !== 'post' ? {} : operation.operationId === 'addUploadPart' ? { body: partForm() } : json;
      const response = await rig.request(path.replace('{id}', ids[kind] ?? '').replace('{index}', '0'), { ...init, method: method.toUpperCase(), tenant: 'b' });
      expect([operation.operationId, response.status]).toEqual([operation.operationId, 404]);
    }
    for (const [kind, id] of Object.entries(ids).filter(([name]) => name !== 'parts')) expect((await rig.request(`/v1/${kind}/${id}`)).status).toBe(200);
  });

  it('are unknown wherever a body may name one', async () => {
    const bodies = ofBodies(ids);
    // A field that may name an object and is not tried below is a gap.
    const fields = namingFields(rig.described.document);
    expect(fields.length).toBeGreaterThanOrEqual(6);
    expect([...new Set(bodies.map(({ field }) => field))].toSorted()).toEqual(fields);
    const mine = await json<{ id: string }>(await rig.post('/v1/uploads', { filename: 'b.mp4', purpose: 'vision', bytes: 9, mime_type: 'video/mp4' }, { tenant: 'b' }));
    for (const { field, path, body, status } of bodies) {
      const response = await rig.post(path.replace('{id}', mine.id), body, { tenant: 'b' });
      expect([field, response.status]).toEqual([field, status]);
      // The owner is not refused for the same reason.
      if (status === 404) expect([field, (await json<{ error?: { code: string } }>(await rig.post(path, body))).error?.code]).not.toEqual([field, 'not_found']);
    }
  });

  it('are no cursors in lists', async () => {
    const lists = Object.entries(rig.described.document.paths).filter(([, { get }]) => (get as unknown as { parameters?: { name: string }[] } | undefined)?.parameters?.some(({ name }) => name === 'after'));
    expect(lists.map(([path]) => path).toSorted()).toEqual(['/v1/files', '/v1/videos']);
    await rig.upload(new Uint8Array(64).fill(1), { headers: { authorization: `Bearer ${keyOf('b')}` } });
    await rig.post('/v1/videos', { prompt: 'mine' }, { tenant: 'b' });
    for (const [path] of lists) {
      const page = async (order: string, after = ''): Promise<unknown[]> => (await json<{ data: unknown[] }>(await rig.request(`${path}?order=${order}${after}`, { tenant: 'b' }))).data;
      expect(await page('asc')).toHaveLength(1);
      // Where a cursor of another's stands would tell when its object was made.
      for (const order of ['asc', 'desc']) expect(await page(order, `&after=${ids[path.split('/')[2] ?? ''] ?? ''}`)).toEqual([]);
    }
  });
});
