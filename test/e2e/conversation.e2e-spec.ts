import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import OpenAI from 'openai';
import { ServerProcess, TEST_KEY, json, makeDataFolder, until } from './server-process.js';
import { carriesC2pa, withoutManifest } from '../contract/c2pa/mp4-boxes.js';

const samples = resolve(import.meta.dirname, '../../models/cartoon/samples');

interface DemoScript {
  readonly clip: string;
  readonly questions: readonly { readonly question: string; readonly expect: readonly (string | string[])[] }[];
  readonly film: string;
  readonly unsafe: string;
}
interface ApiVideo {
  readonly id: string;
  readonly status: string;
  readonly progress: number;
  readonly error: { readonly code: string } | null;
}

describe('a conversation with the real models', () => {
  let server: ServerProcess;
  let data: Awaited<ReturnType<typeof makeDataFolder>>;
  let script: DemoScript;
  let client: OpenAI;
  let fileId = '';

  beforeAll(async () => {
    data = await makeDataFolder();
    server = await ServerProcess.start(data.path);
    script = JSON.parse(await readFile(resolve(samples, 'demo.json'), 'utf8')) as DemoScript;
    client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: TEST_KEY, maxRetries: 0 });
    const uploaded = await server.upload(new Uint8Array(await readFile(resolve(samples, script.clip))), script.clip);
    fileId = (await json<{ id: string }>(uploaded)).id;
  }, 180_000);
  afterAll(async () => {
    expect(await server?.stop()).toBe(0);
    await data.remove();
  }, 60_000);

  const about = (text: string): OpenAI.ChatCompletionMessageParam =>
    ({ role: 'user', content: [{ type: 'video_url', video_url: { url: `file:${fileId}` } }, { type: 'text', text }] }) as unknown as OpenAI.ChatCompletionMessageParam;
  const answer = async (text: string, seed = 1): Promise<string> => {
    const completion = await client.chat.completions.create({ model: 'cartoon', messages: [about(text)], temperature: 0, seed });
    return completion.choices[0]?.message.content ?? '';
  };

  it('answers what is true of a clip that was not in training', async () => {
    for (const { question, expect: words } of script.questions) {
      const text = (await answer(question)).toLowerCase();
      for (const alternatives of words) expect([alternatives].flat().some((word) => text.includes(word)) ? 'said' : text).toBe('said');
    }
  }, 120_000);

  it('streams the same words that it answers at once', async () => {
    const question = script.questions[0]?.question ?? '';
    const stream = await client.chat.completions.create({ model: 'cartoon', messages: [about(question)], temperature: 0, seed: 1, stream: true, stream_options: { include_usage: true } });
    let text = '';
    let usage: OpenAI.CompletionUsage | null | undefined;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      usage = chunk.usage ?? usage;
    }
    expect(text).toBe(await answer(question));
    expect(usage?.completion_tokens).toBeGreaterThan(0);
  }, 60_000);

  it('gives the same tokens for the same seed, at a temperature', async () => {
    const sampled = async (seed: number): Promise<string> => {
      const completion = await client.chat.completions.create({ model: 'cartoon', messages: [{ role: 'user', content: 'Write a short poem about rain.' }], temperature: 1, seed, max_completion_tokens: 40 });
      return completion.choices[0]?.message.content ?? '';
    };
    const [first, again, other] = [await sampled(11), await sampled(11), await sampled(12)];
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  }, 60_000);

  it('makes a film when one is asked for, and the same film for the same seed', async () => {
    const make = async (seed: number): Promise<string> => {
      const video = await json<ApiVideo>(await server.post('/v1/videos', { prompt: 'a yellow star rises over the sea', seed }));
      const made = await until(async () => json<ApiVideo>(await server.request(`/v1/videos/${video.id}`)), ({ status }) => status === 'completed' || status === 'failed', 120_000);
      expect(made.error).toBeNull();
      const bytes = Buffer.from(await (await server.request(`/v1/videos/${video.id}/content`)).arrayBuffer());
      expect(carriesC2pa(bytes)).toBe(true);
      expect(bytes.subarray(4, 8).toString('latin1')).toBe('ftyp');
      // Each film is signed anew; everything but the signed manifest is the film's.
      return createHash('sha256').update(withoutManifest(bytes)).digest('hex');
    };
    const [first, again, other] = [await make(5), await make(5), await make(6)];
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  }, 240_000);

  it('writes a caption and queues its film in the middle of a talk, and never shows a tag', async () => {
    const completion = await client.chat.completions.create({ model: 'cartoon', messages: [about(script.film)], temperature: 0 });
    const message = completion.choices[0]?.message as { content: string; videos?: { id: string; caption: string }[] };
    expect(message.videos?.length).toBe(1);
    expect(message.content).toContain(`/v1/videos/${message.videos?.[0]?.id}/content`);
    expect(message.content).not.toMatch(/<\/?vid/);
    const known = await server.request(`/v1/videos/${message.videos?.[0]?.id}`);
    expect(known.status).toBe(200);
  }, 60_000);

  it('cancels a film that is being made', async () => {
    const video = await json<ApiVideo>(await server.post('/v1/videos', { prompt: 'a green boat moves right', seed: 1, num_inference_steps: 50 }));
    expect((await server.post(`/v1/videos/${video.id}/cancel`, {})).status).toBe(200);
    const ended = await until(async () => json<ApiVideo>(await server.request(`/v1/videos/${video.id}`)), ({ status }) => status === 'failed' || status === 'completed');
    expect(ended.error?.code).toBe('cancelled');
  }, 60_000);

  it('declines an unsafe request, and goes on with the talk', async () => {
    const refused = await client.chat.completions.create({ model: 'cartoon', messages: [{ role: 'user', content: script.unsafe }] });
    expect(refused.choices[0]?.finish_reason).toBe('content_filter');
    const next = await client.chat.completions.create({ model: 'cartoon', temperature: 0, messages: [{ role: 'user', content: 'What is the capital of France?' }] });
    expect(next.choices[0]?.message.content).toContain('Paris');
  }, 60_000);
});
