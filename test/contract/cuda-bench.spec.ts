import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TensorSpec } from '@gpt4video/ports/model-session';

interface Distance {
  readonly difference: number;
  readonly relative: number;
}

interface Placement {
  readonly cuda: number;
  readonly cpu: number;
  readonly fallen: readonly string[];
}

interface Input {
  readonly shape: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

type Numbers = readonly number[] | BigInt64Array;

const ROOT = join(import.meta.dirname, '../..');
const BENCH = join(ROOT, 'bench/cuda');
const { distance } = (await import(join(BENCH, 'compare.mjs'))) as { distance(ours: Numbers, theirs: Numbers): Distance };
const { countNodes } = (await import(join(BENCH, 'placement.mjs'))) as { countNodes(events: readonly object[]): Placement };
const { seededInputs } = (await import(join(BENCH, 'inputs.mjs'))) as { seededInputs(specs: readonly TensorSpec[], batch: number): Record<string, Input> };

describe('how far two results lie apart', () => {
  it('is the largest difference, and its share of the largest magnitude', () => {
    expect(distance([1, -4, 2], [1, -3.5, 2.25])).toEqual({ difference: 0.5, relative: 0.125 });
    expect(distance(BigInt64Array.of(3n, 8n), BigInt64Array.of(5n, 8n))).toEqual({ difference: 2, relative: 0.25 });
    expect(distance([0, 0], [0, 0])).toEqual({ difference: 0, relative: 0 });
  });

  it.each([
    ['what is no number here', [1, NaN], [1, 2]],
    ['what is no number there, however near the rest', [1, 2, 3], [NaN, 2, 3]],
    ['infinities on both sides', [Infinity], [Infinity]],
    ['another number of values', [1, 2], [1, 2, 3]],
  ])('is infinite for %s', (_, ours, theirs) => {
    expect(distance(ours, theirs)).toEqual({ difference: Infinity, relative: expect.anything() });
    expect(distance(ours, theirs).relative).not.toBeLessThanOrEqual(1e-1);
  });
});

describe('which provider computes each node', () => {
  const node = (op_name: string, provider: string, name = `${op_name}_kernel_time`) => ({ cat: 'Node', name, args: { op_name, provider: `${provider}ExecutionProvider` } });

  it('is counted from kernels alone, those on the processor by kind', () => {
    const events = [
      { cat: 'Session', name: 'model_run', args: {} },
      { ...node('MatMul', 'CUDA'), cat: 'Session' },
      node('MatMul', 'CUDA'),
      node('MatMul', 'CUDA', 'MatMul_fence_before'),
      node('Gather', 'CPU'),
      node('Shape', 'CPU'),
      node('Gather', 'CPU'),
      { cat: 'Node', name: 'a_kernel_time', args: { op_name: 'Add' } },
      { cat: 'Node', name: 'b_kernel_time' },
    ];
    expect(countNodes(events)).toEqual({ cuda: 1, cpu: 3, fallen: ['Gather 2', 'Shape 1'] });
  });

  it('is what the runtime writes into its profile', () => {
    // In a process of its own: the runtime does not take the arrays of a test's realm for arrays.
    const url = (path: string) => pathToFileURL(join(ROOT, path)).href;
    const graph = JSON.stringify({ path: join(ROOT, 'models/cartoon/text-safety.onnx'), batch: 2, provider: 'cpu' });
    const script = `const { placementOf } = await import('${url('bench/cuda/placement.mjs')}'); console.log(JSON.stringify(await placementOf(${graph})))`;
    const said = execFileSync(process.execPath, ['--conditions=development', '--import', url('libs/adapters/src/onnx/source-loader.mjs'), '--input-type=module', '--eval', script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const { cuda, cpu, fallen } = JSON.parse(said) as Placement;
    expect(cuda).toBe(0);
    expect(cpu).toBeGreaterThan(10);
    expect(fallen.reduce((sum, kind) => sum + Number(kind.split(' ')[1]), 0)).toBe(cpu);
  });
});

describe('the inputs of a measurement', () => {
  const SPECS: readonly TensorSpec[] = [
    { name: 'input_ids', type: 'int64', shape: ['batch', 'sequence'] },
    { name: 'attention_mask', type: 'int64', shape: ['batch', 77] },
    { name: 'timestep', type: 'int64', shape: [1] },
    { name: 'pixels', type: 'float32', shape: ['batch', 3, 16, 16] },
    { name: 'more', type: 'float32', shape: ['batch', 3, 16, 16] },
  ];
  const inputs = seededInputs(SPECS, 4);
  const of = (name: string) => [...(inputs[name]?.data ?? [])].map(Number);

  it('have the shapes of the graph, free ones filled in', () => {
    expect(Object.fromEntries(Object.entries(inputs).map(([name, { shape }]) => [name, shape]))).toEqual({ input_ids: [4, 32], attention_mask: [4, 77], timestep: [1], pixels: [4, 3, 16, 16], more: [4, 3, 16, 16] });
    for (const { shape, data } of Object.values(inputs)) expect(data).toHaveLength(shape.reduce((a, b) => a * b, 1));
  });

  it('are words, open masks, a step of a film and normal values', () => {
    expect([Math.min(...of('input_ids')) >= 0, Math.max(...of('input_ids')) < 500, new Set(of('input_ids')).size > 50]).toEqual([true, true, true]);
    expect(new Set(of('attention_mask'))).toEqual(new Set([1]));
    expect(of('timestep').every((step) => step >= 0 && step < 1000)).toBe(true);
    const pixels = of('pixels');
    const mean = pixels.reduce((a, b) => a + b, 0) / pixels.length;
    expect(mean).toBeCloseTo(0, 0);
    expect(pixels.reduce((sum, value) => sum + (value - mean) ** 2, 0) / pixels.length).toBeCloseTo(1, 0);
  });

  it('are the same in every run, and no two alike', () => {
    expect(seededInputs(SPECS, 4)).toEqual(inputs);
    expect(inputs['more']?.data).not.toEqual(inputs['pixels']?.data);
  });

  it('are refused for a type that this makes none of', () => {
    expect(() => seededInputs([{ name: 'flags', type: 'bool', shape: [1] }], 1)).toThrow('the input flags is bool');
  });
});
