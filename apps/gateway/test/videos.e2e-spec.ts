import { Stage } from '@gpt4video/contracts/gen/gpt4video/safety/v1/safety_service';
import { ObjectStore } from '@gpt4video/ports/object-store';
import { GenerationQueue, type Lease } from '../src/core/generations/generation-queue.js';
import { GenerationQueueController } from '../src/transport/grpc/generation-queue.controller.js';
import { gatewayConfig } from '../src/config.js';
import { type ApiVideo, CLIP } from './api-objects.js';
import { GatewayRig, json, until } from './gateway-rig.js';

describe('videos', () => {
  let rig: GatewayRig;
  beforeAll(async () => void (rig = await GatewayRig.start()));
  afterAll(() => rig?.stop());

  const create = async (body: object = {}): Promise<ApiVideo> => json<ApiVideo>(await rig.post('/v1/videos', { prompt: 'a red ball', ...body }));
  const claimOf = async (id: string): Promise<Lease> => {
    for (;;) {
      const lease = await rig.get(GenerationQueue).claim('w');
      if (lease === undefined) throw new Error(`no lease of ${id}`);
      if (lease.generationId === id) return lease;
    }
  };

  it('makes a video from queue to content', async () => {
    const response = await rig.post('/v1/videos', { prompt: ' a red ball ', seconds: '2', seed: 9, num_inference_steps: 3 });
    expect(response.headers.get('openai-poll-after-ms')).toBe('500');
    const video = await json<ApiVideo>(response);
    expect(video).toMatchObject({ object: 'video', status: 'queued', progress: 0, prompt: 'a red ball', seconds: '2', size: '128x128', seed: 9, error: null, completed_at: null, expires_at: null, remixed_from_video_id: null });
    expect((await rig.request(`/v1/videos/${video.id}/content`)).status).toBe(409);
    const lease = await claimOf(video.id);
    expect(lease.film).toMatchObject({ caption: 'a red ball', seed: 9, steps: 3, frames: 16, fps: 8, width: 128, height: 128 });
    const store = rig.get(ObjectStore);
    const asset = async (name: string, mediaType: string) => store.put(`films/${video.id}/${name}`, CLIP, { mediaType });
    const result = { video: await asset('v', 'video/mp4'), thumbnail: await asset('t', 'image/webp'), spritesheet: await asset('s', 'image/jpeg'), stageMs: { denoise: 1_500 }, bundleRevision: 'r' };
    await rig.get(GenerationQueue).complete(lease, result);
    expect(await json(await rig.request(`/v1/videos/${video.id}`))).toMatchObject({ status: 'completed', progress: 100, stage_durations: { denoise: 1.5 } });
    const { completed_at: completed, expires_at: expires } = await json<{ completed_at: number; expires_at: number }>(await rig.request(`/v1/videos/${video.id}`));
    expect(expires - completed).toBe(gatewayConfig().generationRetentionMs / 1_000);
    for (const [variant, type] of [['video', 'video/mp4'], ['thumbnail', 'image/webp'], ['spritesheet', 'image/jpeg']] as const) {
      const content = await rig.request(`/v1/videos/${video.id}/content?variant=${variant}`);
      expect([content.status, content.headers.get('content-type')]).toEqual([200, type]);
    }
    expect((await rig.request(`/v1/videos/${video.id}`, { tenant: 'b' })).status).toBe(404);
    await rig.request(`/v1/videos/${video.id}`, { method: 'DELETE' });
    expect(await store.find(`films/${video.id}/v`)).toBeUndefined();
  });

  it('takes the fields of a form as well', async () => {
    const form = new FormData();
    form.set('prompt', 'a green ball');
    form.set('seed', '4');
    const video = await json<ApiVideo>(await rig.request('/v1/videos', { method: 'POST', body: form }));
    expect(video).toMatchObject({ prompt: 'a green ball', seed: 4 });
    expect(await create({ width: 256, height: 256 })).toMatchObject({ size: '256x256' });
    expect((await rig.post('/v1/videos', { prompt: 'a ball', width: 256 })).status).toBe(400);
  });

  it('makes a film like another by a new prompt', async () => {
    const { id } = await create({ seed: 77, num_inference_steps: 5, negative_prompt: 'rain' });
    const remix = await json<ApiVideo & { readonly remixed_from_video_id: string }>(await rig.post(`/v1/videos/${id}/remix`, { prompt: 'a green ball' }));
    expect(remix).toMatchObject({ remixed_from_video_id: id, prompt: 'a green ball', seed: 77, num_inference_steps: 5, negative_prompt: 'rain' });
    expect((await json<typeof remix>(await rig.request(`/v1/videos/${remix.id}`))).remixed_from_video_id).toBe(id);
    expect((await rig.post(`/v1/videos/${id}/remix`, { prompt: 'mine now' }, { tenant: 'b' })).status).toBe(404);
    const { error } = await json<{ error: object }>(await rig.post(`/v1/videos/${id}/remix`, { prompt: 'a forbidden ball' }));
    expect(error).toMatchObject({ code: 'moderation_blocked.input', verdict: { category: 'violence', score: 0.99, threshold: 0.5, stage: 'caption', policy_version: 'test' } });
  });

  it('tells of a film that screening declined what decided', async () => {
    const { id } = await create();
    const lease = await claimOf(id);
    const verdict = { allowed: false, category: 'sexual', score: 0.9, threshold: 0.6, policyVersion: 'p1+tenant', scores: {}, flagged: ['sexual'], stage: Stage.STAGE_FILM };
    await rig.get(GenerationQueueController).fail({ ...lease, code: 'moderation_blocked.output', message: 'no', retryable: false, category: 'sexual', verdict });
    const film = await json<ApiVideo>(await rig.request(`/v1/videos/${id}`));
    expect(film).toMatchObject({ status: 'failed', error: { code: 'moderation_blocked.output', retryable: false, category: 'sexual', verdict: { score: 0.9, threshold: 0.6, stage: 'film', policy_version: 'p1+tenant' } } });
  });

  it('cancels by name, and says so', async () => {
    const { id } = await create();
    const cancelled = await json<ApiVideo>(await rig.request(`/v1/videos/${id}/cancel`, { method: 'POST' }));
    expect(cancelled).toMatchObject({ status: 'failed', error: { code: 'cancelled' } });
    expect((await rig.post(`/v1/videos/${id}/cancel`, {})).status).toBe(200);
    expect((await rig.post('/v1/videos/video_nobody/cancel', {})).status).toBe(404);
  });

  it('replays the events of a film from where the reader was', async () => {
    const { id } = await create();
    const lease = await claimOf(id);
    await rig.get(GenerationQueue).heartbeat(lease, 40);
    const following = rig.request(`/v1/videos/${id}/events`);
    await rig.post(`/v1/videos/${id}/cancel`, {});
    const all = await (await following).text();
    expect([...all.matchAll(/id: (\d+)\nevent: (\w+)/g)].map(([, sequence, type]) => `${sequence} ${type}`)).toEqual(['1 queued', '2 in_progress', '3 progress', '4 cancelled']);
    const rest = await (await rig.request(`/v1/videos/${id}/events`, { headers: { 'last-event-id': '2' } })).text();
    expect([...rest.matchAll(/id: (\d+)/g)].map(([, sequence]) => sequence)).toEqual(['3', '4']);
    const ended = await (await rig.request(`/v1/videos/${id}/events`, { headers: { 'last-event-id': '4' } })).text();
    expect(ended).not.toContain('data:');
  });

  it('publishes every fact of the outbox', async () => {
    await create();
    const waiting = () => rig.database.kysely.selectFrom('outbox').select('id').where('published_at', 'is', null).execute();
    await until(async () => (await waiting()).length === 0);
  });
});
