import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FactPublisher } from '@gpt4video/platform/fact-publisher';
import { sql } from 'kysely';
import { Webhook } from 'standardwebhooks';
import { waitAfter } from '../src/core/webhooks/delivery-schedule.js';
import { GatewayRig, json, until } from './gateway-rig.js';

interface Received {
  readonly headers: Record<string, string>;
  readonly body: string;
}
interface ApiWebhook {
  readonly id: string;
  readonly secret: string;
  readonly status: string;
}

describe('/v1/webhooks', () => {
  let rig: GatewayRig;
  let receiver: Server;
  let url: string;
  let answers: number[];
  const received: Received[] = [];

  beforeAll(async () => {
    receiver = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        received.push({ headers: request.headers as Record<string, string>, body });
        response.writeHead(answers.shift() ?? 200).end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const { port } = receiver.address() as AddressInfo;
    url = `http://127.0.0.1:${port}/hook`;
    rig = await GatewayRig.start({ privateHosts: [`127.0.0.1:${port}`] });
  });
  beforeEach(async () => {
    received.length = 0;
    answers = [];
    await rig.database.kysely.deleteFrom('webhooks').execute();
  });
  afterAll(async () => {
    await rig?.stop();
    receiver.close();
  });

  const add = async (events: readonly string[]): Promise<ApiWebhook> => json<ApiWebhook>(await rig.post('/v1/webhooks', { url, events }));
  const film = async (): Promise<string> => (await json<{ id: string }>(await rig.post('/v1/videos', { prompt: 'a ball' }))).id;
  const cancelled = async (): Promise<string> => {
    const id = await film();
    await rig.post(`/v1/videos/${id}/cancel`, {});
    return id;
  };
  const deliveries = () => rig.database.kysely.selectFrom('webhook_deliveries').selectAll().execute();
  const makeDue = () => rig.database.kysely.updateTable('webhook_deliveries').set({ next_at: sql<Date>`clock_timestamp()` }).where('status', '=', 'waiting').execute();

  it('tells of a film that ended, signed as Standard Webhooks says', async () => {
    const { secret, id: webhookId } = await add(['video.failed']);
    const id = await cancelled();
    await until(() => received.length === 1);
    const [{ headers, body } = { headers: {}, body: '' }] = received;
    const event = new Webhook(secret).verify(body, headers) as { id: string; type: string; object: string; data: { id: string } };
    expect(event).toMatchObject({ object: 'event', type: 'video.failed', data: { id }, id: headers['webhook-id'] });
    expect(() => new Webhook(secret).verify(body.replace(id, 'video_other'), headers)).toThrow();
    expect(await json(await rig.request(`/v1/webhooks/${webhookId}`))).not.toHaveProperty('secret');
  });

  it('tells of a file once, when the last stage has reported', async () => {
    await add(['file.processed', 'video.completed']);
    const { id } = await json<{ id: string }>(await rig.upload(new Uint8Array(70).fill(8)));
    const facts = rig.get(FactPublisher);
    const video = { bucket: 'b', key: 'k', sha256: 'a'.repeat(64), bytes: 1, mediaType: 'video/mp4' };
    await facts.publish('frames.extracted', { fileId: id, video, frames: undefined, own: undefined });
    await facts.publish('features.encoded', { fileId: id, video, features: video });
    await facts.publish('video.understood', { fileId: id, video, tokens: video });
    expect(await deliveries()).toEqual([]);
    await facts.publish('video.screened', { fileId: id, video, allowed: true, category: '', score: 0.1 });
    await until(() => received.length === 1);
    expect(JSON.parse(received[0]?.body ?? '')).toMatchObject({ type: 'file.processed', data: { id } });
    // News that comes afterwards changes the file, and is not told again.
    await facts.publish('video.screened', { fileId: id, video, allowed: false, category: 'violence', score: 0.9 });
    expect((await json<{ status: string }>(await rig.request(`/v1/files/${id}`))).status).toBe('error');
    expect(await deliveries()).toHaveLength(1);
  });

  it('tries again later, with the same id and body and a new signature', async () => {
    const { secret } = await add(['video.failed']);
    answers = [500];
    await cancelled();
    await until(async () => (await deliveries()).some(({ attempts }) => attempts === 1));
    const [waiting] = await deliveries();
    expect(waiting).toMatchObject({ status: 'waiting', last_answer: '500', delivered_at: null });
    expect((waiting?.next_at.getTime() ?? 0) - Date.now()).toBeGreaterThan(3_000);
    await makeDue();
    await until(async () => (await deliveries()).every(({ status }) => status === 'delivered'));
    expect((await deliveries())[0]?.delivered_at).toBeInstanceOf(Date);
    expect(received.map(({ body }) => body)).toEqual([received[0]?.body, received[0]?.body]);
    for (const { body, headers } of received) new Webhook(secret).verify(body, headers);
  });

  it('stops for a receiver that says it is gone', async () => {
    const { id } = await add(['video.failed']);
    answers = [410];
    await cancelled();
    await until(async () => (await json<ApiWebhook>(await rig.request(`/v1/webhooks/${id}`))).status === 'disabled');
    await cancelled();
    expect((await deliveries()).map(({ status }) => status)).toEqual(['given_up']);
    expect(received).toHaveLength(1);
  });

  it('waits longer each time, never the same for all, and gives up after three days', () => {
    const waits = Array.from({ length: 10 }, (_, index) => waitAfter(index + 1, 0));
    expect(waits.at(-1)).toBeUndefined();
    expect(waits.slice(0, -1)).toEqual(waits.slice(0, -1).toSorted((a, b) => (a ?? 0) - (b ?? 0)));
    expect(waits.slice(0, -1).reduce<number>((sum, wait) => sum + (wait ?? 0), 0)).toBeGreaterThan(72 * 3_600_000);
    expect(waitAfter(1, 1)).toBe(6_000);
  });

  it.each(['https://10.0.0.1/', 'https://127.0.0.1/', 'http://example.com/', 'https://[::1]/', 'ftp://example.com', 'nothing'])('is not made for %s', async (bad) => {
    const response = await rig.post('/v1/webhooks', { url: bad, events: ['video.failed'] });
    expect([response.status, (await json<{ error: { param: string } }>(response)).error.param]).toEqual([400, 'url']);
  });

  it('is none of another tenant’s business', async () => {
    const { id } = await add(['video.failed']);
    expect((await rig.request(`/v1/webhooks/${id}`, { tenant: 'b' })).status).toBe(404);
    expect((await rig.request(`/v1/webhooks/${id}`, { method: 'DELETE', tenant: 'b' })).status).toBe(404);
    expect((await json<{ data: unknown[] }>(await rig.request('/v1/webhooks', { tenant: 'b' }))).data).toEqual([]);
    expect((await rig.request(`/v1/webhooks/${id}`, { method: 'DELETE' })).status).toBe(200);
  });
});
