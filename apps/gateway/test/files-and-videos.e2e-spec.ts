import { Stage } from '@gpt4video/contracts/gen/gpt4video/safety/v1/safety_service';
import { FactPublisher } from '@gpt4video/platform/fact-publisher';
import { ObjectStore } from '@gpt4video/ports/object-store';
import { GenerationQueue, type Lease } from '../src/core/generations/generation-queue.js';
import { GenerationQueueController } from '../src/transport/grpc/generation-queue.controller.js';
import { gatewayConfig } from '../src/config.js';
import { GatewayRig, json, until } from './gateway-rig.js';

const CLIP = Uint8Array.from({ length: 1_000 }, (_, index) => index % 251);

interface ApiFile {
  readonly id: string;
  readonly status: string;
  readonly status_details: Record<string, { readonly status: string; readonly code?: string }>;
}
interface ApiVideo {
  readonly id: string;
  readonly status: string;
  readonly progress: number;
  readonly error: { readonly code: string; readonly retryable: boolean } | null;
}

describe('files and videos', () => {
  let rig: GatewayRig;
  beforeAll(async () => void (rig = await GatewayRig.start()));
  afterAll(() => rig?.stop());

  const upload = async (): Promise<ApiFile> => json<ApiFile>(await rig.upload(CLIP));
  const create = async (body: object = {}): Promise<ApiVideo> => json<ApiVideo>(await rig.post('/v1/videos', { prompt: 'a red ball', ...body }));
  const claimOf = async (id: string): Promise<Lease> => {
    for (;;) {
      const lease = await rig.get(GenerationQueue).claim('w');
      if (lease === undefined) throw new Error(`no lease of ${id}`);
      if (lease.generationId === id) return lease;
    }
  };

  it('keeps a file and gives it back whole, in part, and not at all when the client has it', async () => {
    const { id } = await upload();
    const whole = await rig.request(`/v1/files/${id}/content`);
    expect(new Uint8Array(await whole.arrayBuffer())).toEqual(CLIP);
    expect(whole.headers.get('content-type')).toBe('video/mp4');
    const part = await rig.request(`/v1/files/${id}/content`, { headers: { range: 'bytes=10-19' } });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 10-19/1000']);
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(CLIP.slice(10, 20));
    const beyond = await rig.request(`/v1/files/${id}/content`, { headers: { range: 'bytes=5000-' } });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */1000']);
    const known = await rig.request(`/v1/files/${id}/content`, { headers: { 'if-none-match': whole.headers.get('etag') ?? '' } });
    expect(known.status).toBe(304);
    expect((await rig.request(`/v1/files/${id}/frames/0`)).status).toBe(200);
    expect((await rig.request(`/v1/files/${id}/frames/9`)).status).toBe(404);
  });

  it('lists files page by page and forgets a deleted one with its bytes', async () => {
    await rig.database.kysely.deleteFrom('files').execute();
    const ids = [(await upload()).id, (await upload()).id, (await upload()).id];
    const first = await json<{ data: ApiFile[]; has_more: boolean; last_id: string }>(await rig.request('/v1/files?limit=2&order=asc'));
    expect([first.data.map(({ id }) => id), first.has_more]).toEqual([ids.slice(0, 2), true]);
    const rest = await json<{ data: ApiFile[]; has_more: boolean }>(await rig.request(`/v1/files?limit=2&order=asc&after=${first.last_id}`));
    expect([rest.data.map(({ id }) => id), rest.has_more]).toEqual([ids.slice(2), false]);
    expect(await json(await rig.request(`/v1/files/${ids[0]}`, { method: 'DELETE' }))).toEqual({ id: ids[0], object: 'file', deleted: true });
    expect((await rig.request(`/v1/files/${ids[0]}`)).status).toBe(404);
    expect(await rig.get(ObjectStore).find(`uploads/${ids[0]}`)).toBeUndefined();
  });

  it('tells how the ingest goes, in whatever order the stages report, and each fact once', async () => {
    const { id } = await upload();
    const facts = rig.get(FactPublisher);
    const video = { bucket: 'b', key: 'k', sha256: 'a'.repeat(64), bytes: 1, mediaType: 'video/mp4' };
    const status = async (): Promise<ApiFile> => json<ApiFile>(await rig.request(`/v1/files/${id}`));
    expect((await status()).status).toBe('uploaded');
    const understood = facts.envelope('video.understood', { fileId: id, video, tokens: video });
    const publishAgain = () => facts.publish('video.understood', { fileId: id, video, tokens: video }, { cause: understood.id });
    await publishAgain();
    const applied = await rig.database.kysely.selectFrom('files').select('status_details').where('id', '=', id).executeTakeFirstOrThrow();
    // A second effect would be seen on the row, were there one.
    await rig.database.kysely.updateTable('files').set({ status_details: JSON.stringify({ ...applied.status_details, tokens: { status: 'pending' } }) }).where('id', '=', id).execute();
    await publishAgain();
    expect((await status()).status_details).toMatchObject({ tokens: { status: 'pending' } });
    await rig.database.kysely.updateTable('files').set({ status_details: JSON.stringify(applied.status_details) }).where('id', '=', id).execute();
    expect(await status()).toMatchObject({ status: 'processing', status_details: { tokens: { status: 'done' }, frames: { status: 'pending' } } });
    await facts.publish('frames.extracted', { fileId: id, video, frames: undefined });
    await facts.publish('features.encoded', { fileId: id, video, features: video });
    await facts.publish('video.screened', { fileId: id, video, allowed: true, category: '', score: 0.1 });
    expect((await status()).status).toBe('processed');
    const seen = await rig.database.kysely.selectFrom('inbox').select('consumer').where('consumer', '=', 'gateway:video.understood').execute();
    expect(seen).toHaveLength(1);
  });

  it.each([
    ['a stage gave up', 'video.rejected', { stage: 'clip-encoder', code: 'invalid_video', message: 'damaged' }, 'features', 'invalid_video'],
    ['screening declined it', 'video.screened', { allowed: false, category: 'sexual', score: 0.9 }, 'screening', 'content_blocked'],
  ] as const)('a file is in error when %s', async (_name, topic, rest, stage, code) => {
    const { id } = await upload();
    await rig.get(FactPublisher).publish(topic, { fileId: id, video: undefined, ...rest } as never);
    const file = await json<ApiFile>(await rig.request(`/v1/files/${id}`));
    expect(file.status).toBe('error');
    expect(file.status_details[stage]).toMatchObject({ status: 'failed', code });
  });

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

  it('publishes every fact of the outbox', async () => {
    await create();
    const waiting = () => rig.database.kysely.selectFrom('outbox').select('id').where('published_at', 'is', null).execute();
    await until(async () => (await waiting()).length === 0);
  });

  it('answers probes and metrics without a key', async () => {
    for (const path of ['/health/live', '/health/ready', '/health/model']) {
      const response = await fetch(new URL(path, await rig.url()));
      expect([path, response.status]).toEqual([path, 200]);
    }
    const metrics = await (await fetch(new URL('/metrics', await rig.url()))).text();
    for (const name of ['gpt4video_gateway_requests_total', 'gpt4video_gateway_queue_depth', 'gpt4video_gateway_outbox_published_total']) expect(metrics).toContain(name);
  });

  it('tells what is loaded', async () => {
    const { data } = await json<{ data: { id: string }[] }>(await rig.request('/v1/models'));
    expect(data[0]).toMatchObject({ id: 'cartoon', object: 'model', revision: 'abcdef012345', context_tokens: 8192, video: { sizes: ['128x128', '256x256'] } });
    expect((await rig.request('/v1/models/cartoon')).status).toBe(200);
    expect((await rig.request('/v1/models/nobody')).status).toBe(404);
  });
});
