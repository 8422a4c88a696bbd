import { CATEGORIES } from '@gpt4video/model/safety/categories';
import { BAD, FakeSafety } from './fake-stages.js';
import { GatewayRig, json } from './gateway-rig.js';

interface Result {
  readonly flagged: boolean;
  readonly categories: Record<string, boolean>;
  readonly category_scores: Record<string, number>;
  readonly category_applied_input_types: Record<string, string[]>;
  readonly frames?: { readonly part: number; readonly frames: { readonly timestamp_ms: number }[] }[];
}
interface Answer {
  readonly model: string;
  readonly results: Result[];
}

describe('/v1/moderations', () => {
  let rig: GatewayRig;
  beforeAll(async () => void (rig = await GatewayRig.start()));
  afterAll(() => rig?.stop());

  const moderate = async (input: unknown): Promise<Answer> => json<Answer>(await rig.post('/v1/moderations', { model: 'omni-moderation-latest', input }));

  it('tells of every category, one result a text', async () => {
    const { model, results } = await moderate(['a boat', `a ${BAD} boat`]);
    expect(model).toBe('test');
    expect(results.map(({ flagged }) => flagged)).toEqual([false, true]);
    expect(Object.keys(results[1]?.categories ?? {})).toEqual([...CATEGORIES]);
    expect(results[1]?.categories).toMatchObject({ violence: true, hate: false });
    expect(results[1]?.category_scores['violence']).toBe(0.99);
    expect(results[1]?.category_applied_input_types).toMatchObject({ violence: ['text'], sexual: [] });
  });

  it('judges words, a picture and a video as one input, and names the frames', async () => {
    rig.get(FakeSafety).videoAllowed = false;
    const { id } = await json<{ id: string }>(await rig.upload(new Uint8Array(64)));
    const picture = { type: 'image_url', image_url: { url: `data:image/png;base64,${Buffer.alloc(64, 3).toString('base64')}` } };
    const { results } = await moderate([{ type: 'text', text: 'look' }, picture, { type: 'video_url', video_url: { url: `file:${id}` } }]);
    rig.get(FakeSafety).videoAllowed = true;
    expect(results).toHaveLength(1);
    expect(results[0]).toMatchObject({ flagged: true, category_applied_input_types: { violence: ['text'], sexual: ['image', 'video'] } });
    expect(results[0]?.frames).toEqual([1, 2].map((part) => ({ part, frames: [{ timestamp_ms: 40, score: 0.9, flagged: true }] })));
  });

  it('says nothing when screening does not answer, and nothing of another’s file', async () => {
    const { id } = await json<{ id: string }>(await rig.upload(new Uint8Array(65)));
    const foreign = await rig.post('/v1/moderations', { input: [{ type: 'file', file: { file_id: id } }] }, { tenant: 'b' });
    expect(foreign.status).toBe(404);
    rig.get(FakeSafety).down = true;
    const response = await rig.post('/v1/moderations', { input: 'a boat' });
    rig.get(FakeSafety).down = false;
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2']);
  });
});
