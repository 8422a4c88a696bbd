import { OnnxGraph } from './onnx-graph.js';
import { readInterface } from './onnx-interface.js';

const big = (fill: number): Uint8Array => new Uint8Array(5000).fill(fill);

describe('OnnxGraph', () => {
  it('makes a lazy constant only when the weights are written, each on a page of its own', () => {
    const made: string[] = [];
    const lazy = (name: string, fill: number) => () => (made.push(name), [big(fill).subarray(0, 2000), big(fill).subarray(2000)]);
    const graph = new OnnxGraph('test', 'weights');
    graph.constant('a', { type: 'uint8', shape: [5000], data: lazy('a', 1) });
    graph.constant('b', { type: 'uint8', shape: [50, 100], data: lazy('b', 2) });
    const { weights } = graph.finish();
    expect(made).toEqual([]);
    const bytes = Buffer.concat([...weights]);
    expect(made).toEqual(['a', 'b']);
    expect(bytes.length).toBe(8192 + 5000);
    expect([bytes[4999], bytes[5000], bytes[8191], bytes[8192]]).toEqual([1, 0, 0, 2]);
  });

  it('refuses a constant that has another length than its shape', () => {
    const graph = new OnnxGraph('test', 'weights');
    graph.constant('a', { type: 'float32', shape: [1000], data: () => [big(1)] });
    expect(() => [...graph.finish().weights]).toThrow('Constant a must have 4000 bytes, found 5000.');
    expect(() => graph.constant('small', { type: 'float32', shape: [2], data: Float32Array.of(1) })).toThrow('Constant small must have 8 bytes, found 4.');
  });

  it('is read back: inputs and outputs with fixed and dynamic axes', () => {
    const graph = new OnnxGraph('test', 'weights');
    graph.input({ name: 'x', type: 'float32', shape: ['N', 3] });
    graph.output({ name: 'y', type: 'int64', shape: [1] });
    expect(readInterface(graph.finish().graph, 'g.onnx')).toEqual({ inputs: [{ name: 'x', shape: ['N', 3] }], outputs: [{ name: 'y', shape: [1] }] });
    expect(() => readInterface(graph.finish().graph.subarray(0, -3), 'g.onnx')).toThrow(/^g\.onnx: expected .* more bytes/);
  });
});
