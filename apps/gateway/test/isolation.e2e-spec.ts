import { GatewayRig, json } from './gateway-rig.js';
import { TestDatabase } from './test-database.js';

/** A body that each POST takes, so that what is refused is the id. */
const BODIES: Readonly<Record<string, unknown>> = { remixVideo: { prompt: 'mine now' }, completeUpload: { part_ids: ['x'] } };

describe('another tenant’s ids', () => {
  let postgres: TestDatabase;
  let rig: GatewayRig;
  let ids: Record<string, string>;
  beforeAll(async () => {
    postgres = await TestDatabase.start();
    rig = await GatewayRig.start(postgres, { privateHosts: ['127.0.0.1:9'] });
    const made = async (response: Response): Promise<string> => (await json<{ id: string }>(response)).id;
    ids = {
      files: await made(await rig.upload(new Uint8Array(64))),
      videos: await made(await rig.post('/v1/videos', { prompt: 'a ball' })),
      uploads: await made(await rig.post('/v1/uploads', { filename: 'a.mp4', purpose: 'vision', bytes: 9, mime_type: 'video/mp4' })),
      webhooks: await made(await rig.post('/v1/webhooks', { url: 'http://127.0.0.1:9/', events: ['video.failed'] })),
    };
  });
  afterAll(async () => {
    await rig?.stop();
    await postgres?.stop();
  });

  it('are 404 on every route that takes one, and stay as they were', async () => {
    const routes = Object.entries(rig.described.document.paths).flatMap(([path, operations]) => Object.entries(operations).map(([method, operation]) => ({ path, method, operation: operation as unknown as { operationId: string } })));
    const withIds = routes.filter(({ path }) => path.includes('{id}') && !path.startsWith('/v1/models'));
    expect(withIds.length).toBeGreaterThanOrEqual(15);
    for (const { path, method, operation } of withIds) {
      const kind = path.split('/')[2] ?? '';
      const form = new FormData();
      form.set('data', new Blob(['x']), 'x');
      const json = { body: JSON.stringify(BODIES[operation.operationId] ?? {}), headers: { 'content-type': 'application/json' } };
      const init = method !== 'post' ? {} : operation.operationId === 'addUploadPart' ? { body: form } : json;
      const response = await rig.request(path.replace('{id}', ids[kind] ?? '').replace('{index}', '0'), { ...init, method: method.toUpperCase(), tenant: 'b' });
      expect([operation.operationId, response.status]).toEqual([operation.operationId, 404]);
    }
    for (const [kind, id] of Object.entries(ids)) expect((await rig.request(`/v1/${kind}/${id}`)).status).toBe(200);
  });
});
