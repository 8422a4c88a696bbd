import { GatewayRig, json, keyOf } from './gateway-rig.js';
import { ScriptedFilms } from './scripted-films.js';

const ADMIN = 'sk-admin-0123456789abcdef';
const CAPTION = 'a heart that nobody else may read about';

interface Overview {
  readonly stages: { readonly name: string; readonly waiting: number | null; readonly oldest_ms: number | null; readonly in_hand: number | null; readonly per_minute: number | null }[];
  readonly models: { readonly id: string; readonly revision: string }[];
  readonly generations: { readonly id: string; readonly status: string; readonly trace_id: string; readonly bundle_revision: string | null }[];
}
interface Trace {
  readonly source: string;
  readonly trace_id: string;
  readonly spans: { readonly name: string; readonly service: string; readonly depth: number; readonly start_ms: number; readonly duration_ms: number }[];
}

describe('the operators’ routes', () => {
  let rig: GatewayRig;
  let films: ScriptedFilms;

  beforeAll(async () => {
    rig = await GatewayRig.start({ adminKey: ADMIN, leaseMs: 300_000 });
    films = new ScriptedFilms(rig);
  });
  afterAll(() => rig?.stop());

  const asOperator = (path: string, key = ADMIN): Promise<Response> => rig.request(path, { headers: { authorization: `Bearer ${key}` } });
  const overview = async (): Promise<Overview> => json<Overview>(await asOperator('/v1/admin/overview'));

  it('open to the admin key alone, every one of them', async () => {
    const paths = Object.keys(rig.described.document.paths).filter((path) => path.startsWith('/v1/admin/'));
    expect(paths.length).toBeGreaterThanOrEqual(2);
    for (const path of paths) {
      for (const key of [keyOf('a'), 'sk-admin-0123456789abcdeg', '']) expect([path, (await asOperator(path.replace('{id}', 'x'), key)).status]).toEqual([path, 401]);
    }
    // The key of operators opens no tenant's objects.
    expect((await asOperator('/v1/videos')).status).toBe(401);
  });

  it('tell how deep the film queue is, how old and how fast, and whose films they are but not what of', async () => {
    for (let count = 0; count < 3; count += 1) await rig.post('/v1/videos', { prompt: CAPTION });
    const lease = await films.claim();
    await films.finish(lease);
    await films.claim();
    const { stages, models, generations } = await overview();
    const film = stages.find(({ name }) => name === 'video-generator');
    expect(film).toMatchObject({ waiting: 1, in_hand: 1, per_minute: 0.2 });
    expect(film?.oldest_ms).toBeGreaterThan(0);
    expect(stages.map(({ name }) => name)).toEqual(['dialogue', 'frame-extractor', 'clip-encoder', 'abstractor', 'safety', 'video-generator', 'outbox', 'webhooks']);
    expect(models).toEqual([expect.objectContaining({ id: 'cartoon', revision: 'abcdef012345' })]);
    expect(generations.map(({ status }) => status).sort()).toEqual(['completed', 'in_progress', 'queued']);
    expect(await (await asOperator('/v1/admin/overview')).text()).not.toContain('heart');
  });

  it('count the files that wait for a stage only there', async () => {
    await rig.upload(new Uint8Array(64).fill(5));
    const waiting = Object.fromEntries((await overview()).stages.map(({ name, waiting: count }) => [name, count]));
    expect(waiting).toMatchObject({ 'frame-extractor': 1, 'clip-encoder': 0, abstractor: 0, safety: 0 });
  });

  it('say that they do not know what nobody writes down', async () => {
    expect((await overview()).stages.find(({ name }) => name === 'webhooks')).toMatchObject({ waiting: 0, per_minute: 0, in_hand: null });
  });

  it('show where the time of a film went, from its row where others made it', async () => {
    const { id = '', trace_id: traceId } = (await overview()).generations.find(({ status }) => status === 'completed') ?? {};
    const trace = await json<Trace>(await asOperator(`/v1/admin/generations/${id}/trace`));
    expect(trace).toMatchObject({ source: 'row', trace_id: traceId });
    expect(trace.spans.map(({ name }) => name)).toEqual(['waiting', 'filming', 'text_encoder', 'denoise', 'decode', 'screen', 'encode', 'store']);
    expect(trace.spans[3]).toMatchObject({ service: 'video-generator', depth: 1, duration_ms: 1_500 });
    expect((await asOperator('/v1/admin/generations/video_none/trace')).status).toBe(404);
  });
});

describe('a server without an admin key', () => {
  let rig: GatewayRig;

  beforeAll(async () => void (rig = await GatewayRig.start()));
  afterAll(() => rig?.stop());

  it('has no operators’ routes', async () => {
    expect((await rig.request('/v1/admin/overview')).status).toBe(404);
  });
});
