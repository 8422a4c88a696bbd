import { RouteTable } from '../src/transport/http/route-table.js';
import { GatewayRig, json, until } from './gateway-rig.js';

describe('what the server says of itself', () => {
  let rig: GatewayRig;
  beforeAll(async () => void (rig = await GatewayRig.start()));
  afterAll(() => rig?.stop());

  it('holds every route, and no other', () => {
    const served = rig.get(RouteTable).list().filter(({ method }) => method !== 'HEAD').map(({ method, url }) => `${method} ${url.replace(/:([A-Za-z]+)/g, '{$1}')}`);
    const described = Object.entries(rig.described.document.paths).flatMap(([path, operations]) => Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`));
    expect(described.toSorted()).toEqual([...new Set(served)].toSorted());
  });

  it('gives every route one name, and refers to no schema that is not there', () => {
    const text = JSON.stringify(rig.described.document);
    const ids = [...text.matchAll(/"operationId":"(\w+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const { components } = rig.described.document as unknown as { components: { schemas: Record<string, object> } };
    for (const [, name = ''] of text.matchAll(/#\/components\/schemas\/(\w+)/g)) expect(Object.keys(components.schemas)).toContain(name);
  });

  it('tells an undescribed field apart', async () => {
    const lying = Response.json({ id: 'x', object: 'file', deleted: true, extra: 1 });
    await expect(rig.described.check('DELETE', '/v1/files/x', lying)).rejects.toThrow(/additional properties/);
    await expect(rig.described.check('DELETE', '/v1/files/x', Response.json({}, { status: 418 }))).rejects.toThrow(/not described/);
  });

  it('answers probes and metrics without a key', async () => {
    for (const path of ['/health/live', '/health/ready', '/health/model']) {
      const response = await fetch(new URL(path, await rig.url()));
      expect([path, response.status]).toEqual([path, 200]);
    }
    const read = async (): Promise<string> => (await fetch(new URL('/metrics', await rig.url()))).text();
    // A counter with labels is there once something was counted.
    await rig.post('/v1/videos', { prompt: 'a ball' });
    await until(async () => (await read()).includes('gpt4video_gateway_outbox_published_total'));
    const metrics = await read();
    for (const name of ['gpt4video_gateway_requests_total', 'gpt4video_gateway_queue_depth', 'gpt4video_gateway_outbox_published_total']) expect(metrics).toContain(name);
  });

  it('tells what is loaded', async () => {
    const { data } = await json<{ data: { id: string }[] }>(await rig.request('/v1/models'));
    expect(data[0]).toMatchObject({ id: 'cartoon', object: 'model', revision: 'abcdef012345', context_tokens: 8192, video: { sizes: ['128x128', '256x256'] } });
    expect((await rig.request('/v1/models/cartoon')).status).toBe(200);
    expect((await rig.request('/v1/models/nobody')).status).toBe(404);
  });
});
