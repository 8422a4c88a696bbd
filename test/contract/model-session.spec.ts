import { join, resolve } from 'node:path';
import { OnnxModelSession } from '@gpt4video/adapters/onnx/onnx-model-session';
import { NestFactory } from '@nestjs/core';

const graph = resolve(import.meta.dirname, '../../models/cartoon/text-safety.onnx');
const words = resolve(import.meta.dirname, '../../models/cartoon/minilm.int8.onnx');
const TOKENS = 3;
const sentences = (count: number) => ({
  states: { shape: [count, TOKENS, 384], data: Float32Array.from({ length: count * TOKENS * 384 }, (_, index) => Math.sin(index)) },
  mask: { shape: [count, TOKENS], data: new Float32Array(count * TOKENS).fill(1) },
});

describe(OnnxModelSession.name, () => {
  let session: OnnxModelSession;
  beforeAll(async () => {
    session = await OnnxModelSession.open({ path: graph, warmUp: sentences(1), maxWaiting: 1 });
  });
  afterAll(() => session?.close());

  it('tells its inputs and outputs', () => {
    expect(session.inputs).toEqual([
      { name: 'states', type: 'float32', shape: [expect.any(String), expect.any(String), 384] },
      { name: 'mask', type: 'float32', shape: [expect.any(String), expect.any(String)] },
    ]);
    expect(session.outputs.map(({ name }) => name)).toEqual(['scores']);
  });

  it('computes the same for a row alone and in a batch, and leaves the input as it was', async () => {
    const inputs = sentences(2);
    const both = await session.run(inputs);
    const one = await session.run(sentences(1));
    expect(inputs.states.data).toHaveLength(2 * TOKENS * 384);
    expect(both['scores']?.shape).toEqual([2, 13]);
    const alone = [...((one['scores']?.data ?? []) as Float32Array)];
    alone.forEach((score, index) => expect((both['scores']?.data as Float32Array)[index]).toBeCloseTo(score, 5));
    expect(both['scores']?.data).toBeInstanceOf(Float32Array);
  });

  it('names the inputs when the runtime refuses them', async () => {
    const wrong = { ...sentences(1), states: { shape: [1, TOKENS, 7], data: new Float32Array(TOKENS * 7) } };
    await expect(session.run(wrong)).rejects.toMatchObject({ code: 'internal', message: expect.stringContaining('states float32 [1, 3, 7]') });
  });

  it('names missing and unknown inputs before it runs', async () => {
    await expect(session.run({ pixels: { shape: [1], data: new Float32Array(1) } })).rejects.toThrow(/missing: states, mask, unknown: pixels/);
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

  it('gives an inner tensor in place of its own outputs when asked, which has the same values wherever the graph is cut', async () => {
    const ids = { shape: [1, 4], data: BigInt64Array.of(101n, 3899n, 2746n, 102n) };
    const inputs = { input_ids: ids, attention_mask: { shape: [1, 4], data: new BigInt64Array(4).fill(1n) } };
    const below = { tensor: 'layer_norm_4', width: 384 };
    const early = await OnnxModelSession.open({ path: words, expose: [below] });
    const late = await OnnxModelSession.open({ path: words, expose: [below, { tensor: 'layer_norm_12', width: 384 }] });
    try {
      expect([early.outputs.map(({ name }) => name), late.outputs.map(({ name }) => name)]).toEqual([['layer_norm_4'], ['layer_norm_4', 'layer_norm_12']]);
      const [cut, whole] = [await early.run(inputs), await late.run(inputs)];
      expect(cut['layer_norm_4']).toEqual(whole['layer_norm_4']);
      expect(cut['layer_norm_4']?.shape).toEqual([1, 4, 384]);
    } finally {
      await Promise.all([early.close(), late.close()]);
    }
  });

  it('names the model whose inner tensor is not there', async () => {
    await expect(OnnxModelSession.open({ path: words, expose: [{ tensor: 'no_such', width: 384 }] })).rejects.toMatchObject({ code: 'artifact_corrupt', message: expect.stringContaining('no_such') });
  });

  it('names a model file that is not there', async () => {
    const path = join(graph, '..', 'nothing.onnx');
    await expect(OnnxModelSession.open({ path })).rejects.toMatchObject({ code: 'model_unavailable', message: expect.stringContaining('nothing.onnx') });
  });

  it('is closed by the application that provides it, before its process exits', async () => {
    const provider = { provide: OnnxModelSession, useFactory: () => OnnxModelSession.open({ path: graph }) };
    const application = await NestFactory.createApplicationContext({ module: class Root {}, providers: [provider] }, { logger: false });
    const provided = application.get(OnnxModelSession);
    await application.close();
    await expect(provided.run(sentences(1))).rejects.toMatchObject({ code: 'model_unavailable' });
  });
});
