import { resolve } from 'node:path';
import { runPython } from '@gpt4video/testing/servers/python-clients';
import OpenAI, { APIError, InternalServerError, RateLimitError } from 'openai';
import { KeyService } from '../src/core/tenants/key.service.js';
import { TenantRepository } from '../src/core/tenants/tenant-repository.js';
import { FakeDialogue, FakeSafety, UNSCREENABLE } from './fake-stages.js';
import { GatewayRig, keyOf, until } from './gateway-rig.js';

const SCRIPT = resolve(import.meta.dirname, 'clients/retries.py');
const ask = (content: string) => ({ model: 'cartoon', messages: [{ role: 'user' as const, content }] });

describe('the stock clients, when the service has no room', () => {
  let rig: GatewayRig;
  let baseURL: string;
  beforeAll(async () => {
    rig = await GatewayRig.start();
    baseURL = `${await rig.url()}/v1`;
    const tenant = async (id: string, change: Parameters<TenantRepository['change']>[1]): Promise<void> => {
      await rig.get(KeyService).admit({ id, name: id }, 'test', keyOf(id));
      await rig.get(TenantRepository).change(id, change);
    };
    await tenant('busy', { concurrency: 1 });
    await tenant('spent', { tokensPerMinute: 1 });
    await rig.post('/v1/chat/completions', ask('Hi'), { tenant: 'spent' });
  });
  afterAll(() => rig?.stop());

  const seen = async (status: number): Promise<number> => {
    const metrics = await (await fetch(new URL('/metrics', baseURL))).text();
    return Number(new RegExp(`requests_total\\{[^}]*completions[^}]*status="${status}"[^}]*\\} (\\d+)`).exec(metrics)?.[1] ?? 0);
  };

  /** Holds the tenant's only place until a client was refused, then fails one screening: its first try ends with 429, its second with 503. */
  async function refuseTwice<T>(work: () => Promise<T>): Promise<T> {
    const dialogue = rig.get(FakeDialogue);
    const [heard, refused] = [dialogue.heard.length, await seen(429)];
    dialogue.steps = ['wait for the caller to leave'];
    const leaving = new AbortController();
    const held = rig.post('/v1/chat/completions', ask('Hold'), { signal: leaving.signal, tenant: 'busy' }).catch(() => undefined);
    await until(() => dialogue.heard.length > heard);
    dialogue.steps = [{ text: 'Hello.' }];
    const working = work();
    await until(async () => (await seen(429)) > refused, 30_000);
    rig.get(FakeSafety).failures = 1;
    leaving.abort();
    await held;
    return working;
  }

  it.each([false, true])('for Node waits as told after 429 and 503, and tries again (stream: %s)', async (stream) => {
    const tries: { status: number; atMs: number }[] = [];
    const spying = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
      const response = await fetch(input, init);
      tries.push({ status: response.status, atMs: performance.now() });
      return response;
    };
    const client = new OpenAI({ baseURL, apiKey: keyOf('busy'), maxRetries: 2, fetch: spying });
    const text = await refuseTwice(async () => {
      if (!stream) return (await client.chat.completions.create(ask('Hi'))).choices[0]?.message.content;
      let said = '';
      for await (const { choices } of await client.chat.completions.create({ ...ask('Hi'), stream })) said += choices[0]?.delta.content ?? '';
      return said;
    });
    expect(text).toBe('Hello.');
    expect(tries.map(({ status }) => status)).toEqual([429, 503, 200]);
    const [first = 0, second = 0, third = 0] = tries.map(({ atMs }) => atMs);
    // Both refusals say two seconds; the client's own first wait would be half a second.
    expect([second - first > 1_900, third - second > 1_900]).toEqual([true, true]);
  }, 60_000);

  it('for Node gives up with its own classes', async () => {
    const of = (tenant: string): OpenAI => new OpenAI({ baseURL, apiKey: keyOf(tenant), maxRetries: 0 });
    await expect(of('spent').chat.completions.create(ask('Hi'))).rejects.toBeInstanceOf(RateLimitError);
    await expect(of('a').chat.completions.create(ask(UNSCREENABLE))).rejects.toBeInstanceOf(InternalServerError);
    rig.get(FakeDialogue).steps = [{ text: 'This is the beginning of it. ' }, 'break'];
    const stream = await of('a').chat.completions.create({ ...ask('Go'), stream: true });
    const reading = (async () => {
      for await (const chunk of stream) void chunk;
    })();
    const thrown: unknown = await reading.catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(APIError);
    expect((thrown as APIError).code).toBe('model_unavailable');
  }, 30_000);

  it('for Python waits as told after 429 and 503, and tries again', async () => {
    const python = (): Promise<string> => runPython([SCRIPT, 'retries'], { cwd: import.meta.dirname, env: { OPENAI_BASE_URL: baseURL, OPENAI_API_KEY: keyOf('busy') } });
    expect(await refuseTwice(python)).toContain('worked');
  }, 120_000);

  it('for Python gives up with its own classes', async () => {
    rig.get(FakeDialogue).steps = [{ text: 'This is the beginning of it. ' }, 'break'];
    const env = { OPENAI_BASE_URL: baseURL, OPENAI_API_KEY: keyOf('a'), SPENT_KEY: keyOf('spent'), UNSCREENABLE };
    expect(await runPython([SCRIPT, 'gives-up'], { cwd: import.meta.dirname, env })).toContain('worked');
  }, 120_000);
});
