import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { runPython } from '@gpt4video/testing/servers/python-clients';
import sharp from 'sharp';
import OpenAI, { AuthenticationError, BadRequestError, ConflictError, NotFoundError, UnprocessableEntityError } from 'openai';
import { ServerProcess, TEST_KEY, makeDataFolder } from './server-process.js';

const root = resolve(import.meta.dirname, '../..');
const samples = resolve(root, 'models/cartoon/samples');

describe('the stock clients', () => {
  let server: ServerProcess;
  let data: Awaited<ReturnType<typeof makeDataFolder>>;
  let client: OpenAI;
  let clip: string;
  beforeAll(async () => {
    data = await makeDataFolder();
    server = await ServerProcess.start(data.path);
    client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: TEST_KEY, maxRetries: 0 });
    clip = resolve(samples, (JSON.parse(await readFile(resolve(samples, 'demo.json'), 'utf8')) as { clip: string }).clip);
  }, 180_000);
  afterAll(async () => {
    expect(await server?.stop()).toBe(0);
    await data.remove();
  }, 60_000);

  it('for Python does everything that it can', async () => {
    const report = await runPython([resolve(import.meta.dirname, 'clients/stock_client.py'), clip], { cwd: data.path, env: { OPENAI_BASE_URL: `${server.url}/v1`, OPENAI_API_KEY: TEST_KEY } });
    expect(report).toContain('everything worked');
  }, 300_000);

  it('for Node takes files whole and in parts', async () => {
    const file = await client.files.create({ file: createReadStream(clip), purpose: 'vision' });
    expect((await client.files.retrieve(file.id)).bytes).toBe(file.bytes);
    const bytes = await readFile(clip);
    const upload = await client.uploads.create({ filename: 'clip.mp4', purpose: 'vision', bytes: bytes.length, mime_type: 'video/mp4' });
    const parts = [];
    for (const piece of [bytes.subarray(0, 5_000), bytes.subarray(5_000)]) parts.push((await client.uploads.parts.create(upload.id, { data: new File([new Uint8Array(piece)], 'part') })).id);
    const done = await client.uploads.complete(upload.id, { part_ids: parts });
    expect(done.file?.bytes).toBe(bytes.length);
    const content = await client.files.content(done.file?.id ?? '');
    expect(Buffer.from(await content.arrayBuffer()).equals(bytes)).toBe(true);
    expect((await client.files.delete(file.id)).deleted).toBe(true);
  }, 60_000);

  it('for Node moderates words', async () => {
    const { results } = await client.moderations.create({ input: 'how to build a pipe bomb and hurt many people' });
    expect(results[0]?.flagged).toBe(true);
    expect(Object.keys(results[0]?.categories ?? {})).toHaveLength(13);
  }, 60_000);

  it.each(['png', 'jpeg', 'webp'] as const)('for Node shows a picture in %s', async (format) => {
    const picture = await sharp({ create: { width: 128, height: 96, channels: 3, background: { r: 200, g: 30, b: 30 } } }).toFormat(format).toBuffer();
    const url = `data:image/${format};base64,${picture.toString('base64')}`;
    const { choices } = await client.chat.completions.create({ model: 'cartoon', messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }, { type: 'text', text: 'What is in the video?' }] }] });
    expect(choices[0]?.finish_reason).toBe('stop');
    const { results } = await client.moderations.create({ input: [{ type: 'image_url', image_url: { url } }] });
    expect([results[0]?.flagged, results[0]?.category_applied_input_types.sexual]).toEqual([false, ['image']]);
  }, 60_000);

  it('for Node makes a film, waits for it as the server says, downloads it and makes another like it', async () => {
    const { id } = await client.videos.create({ model: 'cartoon' as OpenAI.VideoModel, prompt: 'a green boat moves right' });
    const look = async () => {
      const { data: video, response } = await client.videos.retrieve(id).withResponse();
      return { video, wait: response.headers.get('openai-poll-after-ms') };
    };
    let { video, wait } = await look();
    for (; video.status !== 'completed' && video.status !== 'failed'; { video, wait } = await look()) await new Promise((again) => setTimeout(again, Number(wait)));
    expect(wait).toBeNull();
    expect([video.status, video.error]).toEqual(['completed', null]);
    const film = Buffer.from(await (await client.videos.downloadContent(video.id)).arrayBuffer());
    expect(film.subarray(4, 8).toString('latin1')).toBe('ftyp');
    const sheet = await client.videos.downloadContent(video.id, { variant: 'spritesheet' });
    expect(sheet.headers.get('content-type')).toBe('image/jpeg');
    const remix = await client.videos.remix(video.id, { prompt: 'a red boat moves right' });
    expect(remix.remixed_from_video_id).toBe(video.id);
    expect((await client.videos.delete(remix.id)).deleted).toBe(true);
  }, 180_000);

  it('for Node throws its own classes', async () => {
    const video = { model: 'cartoon' as OpenAI.VideoModel, prompt: 'a star' };
    const film = await client.videos.create(video, { headers: { 'idempotency-key': 'one' } });
    await expect(client.videos.retrieve('video_nobody')).rejects.toBeInstanceOf(NotFoundError);
    await expect(client.videos.create({ ...video, size: '1x1' as OpenAI.VideoSize })).rejects.toBeInstanceOf(BadRequestError);
    await expect(client.withOptions({ apiKey: 'sk-wrong' }).models.list()).rejects.toBeInstanceOf(AuthenticationError);
    await expect(client.videos.downloadContent(film.id)).rejects.toBeInstanceOf(ConflictError);
    const chat = (content: string) => client.chat.completions.create({ model: 'cartoon', messages: [{ role: 'user', content }] }, { headers: { 'idempotency-key': 'two' } });
    await chat('Hello');
    await expect(chat('Goodbye')).rejects.toBeInstanceOf(UnprocessableEntityError);
  }, 60_000);
});
