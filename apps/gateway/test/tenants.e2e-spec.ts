import OpenAI from 'openai';
import { FakeDialogue } from './fake-stages.js';
import { KeyService } from '../src/core/tenants/key.service.js';
import { KeyRepository } from '../src/core/tenants/key-repository.js';
import { TenantRepository } from '../src/core/tenants/tenant-repository.js';
import { GenerationQueueController } from '../src/transport/grpc/generation-queue.controller.js';
import { GatewayRig, json, keyOf, until } from './gateway-rig.js';

const CHAT = '/v1/chat/completions';
const ask = (content: string): object => ({ messages: [{ role: 'user', content }] });

describe('what a tenant may', () => {
  let rig: GatewayRig;
  const tenant = async (id: string, change: Parameters<TenantRepository['change']>[1]): Promise<void> => {
    await rig.get(KeyService).admit({ id, name: id }, 'test', keyOf(id));
    expect(await rig.get(TenantRepository).change(id, change)).toBe(true);
  };
  beforeAll(async () => void (rig = await GatewayRig.start({ tenantRequestsPerMinute: 100 })));
  afterAll(() => rig?.stop());

  it('is told in both dialects, and refused past the number, each tenant for itself', async () => {
    await tenant('few', { requestsPerMinute: 2 });
    const [first, , third] = [await rig.request('/v1/models', { tenant: 'few' }), await rig.request('/v1/models', { tenant: 'few' }), await rig.request('/v1/models', { tenant: 'few' })];
    expect(Object.fromEntries([...first.headers].filter(([name]) => name.includes('ratelimit')))).toMatchObject({
      'x-ratelimit-limit-requests': '2',
      'x-ratelimit-remaining-requests': '1',
      'ratelimit-policy': '"requests";q=2;w=60',
      ratelimit: expect.stringMatching(/^"requests";r=1;t=\d+$/) as string,
    });
    expect([third.status, (await json<{ error: { code: string; type: string } }>(third)).error]).toEqual([429, expect.objectContaining({ code: 'rate_limited', type: 'rate_limit_error' })]);
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(third.headers.get('retry-after-ms'))).toBeGreaterThan(0);
    expect((await rig.request('/v1/models')).headers.get('x-ratelimit-limit-requests')).toBe('100');
  });

  it('counts the tokens of its turns: what an answer may take is taken first, and what it did not take given back', async () => {
    await tenant('frugal', { tokensPerMinute: 100 });
    const turn = (most: number, extra: object = {}): Promise<Response> => rig.post(CHAT, { ...ask('hi'), max_completion_tokens: most, ...extra }, { tenant: 'frugal' });
    const left = ({ headers }: Response): number => Number(headers.get('x-ratelimit-remaining-tokens'));
    const first = await turn(30, { stream: true });
    await first.text();
    expect([left(first), first.headers.get('x-ratelimit-limit-tokens')]).toEqual([70, '100']);
    expect(first.headers.get('ratelimit')).toMatch(/^"requests";r=\d+;t=\d+, "tokens";r=70;t=\d+$/);
    // The turn took 80 of prompt, video and answer.
    const refused = await turn(30);
    expect([refused.status, left(refused), (await json<{ error: { code: string } }>(refused)).error.code]).toEqual([429, 20, 'rate_limited']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await turn(10, { messages: [{ role: 'user', content: [{ type: 'file', file: { file_id: 'file_x' } }] }] })).status).toBe(404);
    expect(left(await turn(20))).toBe(0);
  });

  it('bounds chat turns at once by the tenant’s own number', async () => {
    await tenant('one', { concurrency: 1 });
    const dialogue = rig.get(FakeDialogue);
    dialogue.steps = ['wait for the caller to leave'];
    const leaving = new AbortController();
    const before = dialogue.heard.length;
    const held = rig.post(CHAT, ask('Go'), { signal: leaving.signal, tenant: 'one' }).catch(() => undefined);
    await until(() => dialogue.heard.length > before);
    expect((await rig.post(CHAT, ask('Me too'), { tenant: 'one' })).status).toBe(429);
    dialogue.steps = [{ text: 'Hello.' }];
    leaving.abort();
    await held;
    await until(async () => (await rig.post(CHAT, ask('Hi'), { tenant: 'one' })).status === 200);
  });

  it('declines by the tenant’s thresholds in force, and only counts those in the shadow', async () => {
    await tenant('strict', { safety: { mode: 'enforce', thresholds: { hate: 0.0005 } } });
    await tenant('shadow', { safety: { mode: 'shadow', thresholds: { hate: 0.0005 } } });
    await tenant('lenient', { safety: { mode: 'enforce', thresholds: { violence: 1 } } });
    const finish = async (id: string, text: string): Promise<string | undefined> => (await json<{ choices: { finish_reason: string }[] }>(await rig.post(CHAT, ask(text), { tenant: id }))).choices[0]?.finish_reason;
    expect([await finish('strict', 'hi'), await finish('shadow', 'hi'), await finish('a', 'hi')]).toEqual(['content_filter', 'stop', 'stop']);
    expect([await finish('lenient', 'forbidden'), await finish('a', 'forbidden')]).toEqual(['stop', 'content_filter']);
    const [told] = (await json<{ results: { categories: Record<string, boolean>; policy_version: string }[] }>(await rig.post('/v1/moderations', { input: 'hi' }, { tenant: 'strict' }))).results;
    expect([told?.categories['hate'], told?.policy_version]).toEqual([true, 'test+tenant']);
    await rig.get(TenantRepository).change('strict', { safety: null });
    await until(async () => (await finish('strict', 'hi')) === 'stop');
  });

  it('judges videos and films by the tenant’s threshold for frames', async () => {
    const own = { shadow: false, thresholds: {}, frameThreshold: 0.05 };
    await tenant('wary', { safety: { mode: 'enforce', thresholds: {}, frameThreshold: 0.05 } });
    await tenant('watching', { safety: { mode: 'shadow', thresholds: {}, frameThreshold: 0.05 } });
    const about = async (id: string): Promise<{ flagged: boolean; policy_version: string; stage: string } | undefined> => {
      const video = { type: 'video_url', video_url: { url: `data:video/mp4;base64,${Buffer.alloc(64, 5).toString('base64')}` } };
      const answer = await json<{ moderation: { input: { results: { flagged: boolean; policy_version: string; stage: string }[] } } }>(await rig.post(CHAT, { messages: [{ role: 'user', content: [video] }] }, { tenant: id }));
      return answer.moderation.input.results[0];
    };
    expect(await about('wary')).toMatchObject({ flagged: true, policy_version: 'test+tenant', stage: 'input' });
    expect(await about('watching')).toMatchObject({ flagged: false, policy_version: 'test' });
    await rig.post('/v1/videos', { prompt: 'a ball' }, { tenant: 'wary' });
    expect(await rig.get(GenerationQueueController).claim({ worker: 'w' })).toMatchObject({ lease: { own } });
  });

  it('ends with a revoked key, whose secret nobody can list', async () => {
    const key = await rig.get(KeyService).create({ id: 'a', name: 'a' }, 'second');
    const keys = await rig.get(KeyRepository).list('a');
    const made = keys.find(({ name }) => name === 'second');
    expect(JSON.stringify(keys)).not.toContain(key);
    const use = async (): Promise<number> => (await rig.request('/v1/models', { headers: { authorization: `Bearer ${key}` } })).status;
    expect(await use()).toBe(200);
    expect(await rig.get(KeyRepository).revoke(made?.id ?? '')).toBe(true);
    expect(await use()).toBe(401);
    expect(await rig.get(KeyRepository).revoke('key_nothing')).toBe(false);
  });

  it('lets the stock client wait as Retry-After says, and try again', async () => {
    const dialogue = rig.get(FakeDialogue);
    const statuses: number[] = [];
    const spying = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
      const response = await fetch(input, init);
      statuses.push(response.status);
      return response;
    };
    await tenant('patient', { concurrency: 1 });
    const client = new OpenAI({ baseURL: `${await rig.url()}/v1`, apiKey: keyOf('patient'), maxRetries: 2, fetch: spying });
    const before = dialogue.heard.length;
    dialogue.steps = ['wait for the caller to leave'];
    const leaving = new AbortController();
    const held = rig.post(CHAT, ask('Go'), { signal: leaving.signal, tenant: 'patient' }).catch(() => undefined);
    await until(() => dialogue.heard.length > before);
    dialogue.steps = [{ text: 'Hello.' }];
    setTimeout(() => leaving.abort(), 500);
    const started = performance.now();
    const answer = await client.chat.completions.create({ model: 'cartoon', messages: [{ role: 'user', content: 'Hi' }] });
    await held;
    expect(answer.choices[0]?.message.content).toBe('Hello.');
    expect(statuses).toEqual([429, 200]);
    expect(performance.now() - started).toBeGreaterThan(1_900);
  });
});
