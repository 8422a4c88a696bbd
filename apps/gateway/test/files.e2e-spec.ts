import { FactPublisher } from '@gpt4video/platform/fact-publisher';
import { ObjectStore } from '@gpt4video/ports/object-store';
import { type ApiFile, CLIP } from './api-objects.js';
import { GatewayRig, json } from './gateway-rig.js';

describe('files', () => {
  let rig: GatewayRig;
  beforeAll(async () => void (rig = await GatewayRig.start()));
  afterAll(() => rig?.stop());

  const upload = async (): Promise<ApiFile> => json<ApiFile>(await rig.upload(CLIP));

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
    await facts.publish('frames.extracted', { fileId: id, video, frames: undefined, own: undefined });
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
});
