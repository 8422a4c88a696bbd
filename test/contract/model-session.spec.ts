import { join, resolve } from 'node:path';
import { OnnxModelSession } from '@gpt4video/adapters/onnx/onnx-model-session';

const graph = resolve(import.meta.dirname, '../../models/cartoon/text-safety.onnx');
const sentences = (count: number) => ({ sentence_vec: { shape: [count, 384], data: Float32Array.from({ length: count * 384 }, (_, index) => Math.sin(index)) } });

describe(OnnxModelSession.name, () => {
  let session: OnnxModelSession;
  beforeAll(async () => {
    session = await OnnxModelSession.open({ path: graph, warmUp: sentences(1), maxWaiting: 1 });
  });
  afterAll(() => session?.close());

  it('tells its inputs and outputs', () => {
    expect(session.inputs).toEqual([{ name: 'sentence_vec', type: 'float32', shape: [expect.any(String), 384] }]);
    expect(session.outputs.map(({ name }) => name)).toEqual(['scores']);
  });

  it('computes the same for a row alone and in a batch, and leaves the input as it was', async () => {
    const inputs = sentences(2);
    const both = await session.run(inputs);
    const one = await session.run(sentences(1));
    expect(inputs.sentence_vec.data).toHaveLength(768);
    expect(both['scores']?.shape).toEqual([2, 13]);
    const alone = [...((one['scores']?.data ?? []) as Float32Array)];
    alone.forEach((score, index) => expect((both['scores']?.data as Float32Array)[index]).toBeCloseTo(score, 5));
    expect(both['scores']?.data).toBeInstanceOf(Float32Array);
  });

  it('names the inputs when the runtime refuses them', async () => {
    const wrong = { sentence_vec: { shape: [1, 7], data: new Float32Array(7) } };
    await expect(session.run(wrong)).rejects.toMatchObject({ code: 'internal', message: expect.stringContaining('sentence_vec float32 [1, 7]') });
  });

  it('names missing and unknown inputs before it runs', async () => {
    await expect(session.run({ pixels: { shape: [1], data: new Float32Array(1) } })).rejects.toThrow(/missing: sentence_vec, unknown: pixels/);
  });

  it('bounds its queue and lets a waiting run be cancelled', async () => {
    const controller = new AbortController();
    const first = session.run(sentences(500));
    const waiting = session.run(sentences(1), { signal: controller.signal });
    await expect(session.run(sentences(1))).rejects.toMatchObject({ code: 'overloaded' });
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    expect((await first)['scores']?.shape).toEqual([500, 13]);
  });

  it('names a model file that is not there', async () => {
    const path = join(graph, '..', 'nothing.onnx');
    await expect(OnnxModelSession.open({ path })).rejects.toMatchObject({ code: 'model_unavailable', message: expect.stringContaining('nothing.onnx') });
  });
});
