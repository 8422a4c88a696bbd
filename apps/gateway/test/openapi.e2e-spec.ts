import { RouteTable } from '../src/transport/http/route-table.js';
import { GatewayRig } from './gateway-rig.js';

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
});
