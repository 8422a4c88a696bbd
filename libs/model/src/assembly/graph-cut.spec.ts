import { cutGraph } from './graph-cut.js';
import { readInterface } from './onnx-interface.js';
import { nodeMessage, tensorMessage, valueMessage } from './onnx-messages.js';
import { protobufFields } from './protobuf-reader.js';
import { ProtobufWriter } from './protobuf-writer.js';

const inner = { name: 'inner', type: 'float32', shape: ['B', 2] } as const;

/** in -Mul(low)-> inner -Mul(high)-> out; `aside` needs nothing of it. */
function model(further: (graph: ProtobufWriter) => void = () => undefined): Uint8Array {
  const graph = new ProtobufWriter();
  graph.message(1, nodeMessage({ op: 'Mul', inputs: ['in', 'low'], outputs: ['inner'] }));
  graph.message(1, nodeMessage({ op: 'Mul', inputs: ['inner', 'high'], outputs: ['out'] }));
  graph.message(1, nodeMessage({ op: 'Identity', inputs: ['in'], outputs: ['aside'] }));
  further(graph);
  for (const name of ['low', 'high']) graph.message(5, tensorMessage({ name, type: 'float32', shape: [2] }, { raw: new Uint8Array(8) }));
  for (const [field, name] of [[11, 'in'], [12, 'out'], [12, 'aside']] as const) graph.message(field, valueMessage({ name, type: 'float32', shape: ['B', 2] }));
  return new ProtobufWriter().int(1, 8).string(2, 'maker').message(7, graph).finish();
}

function held(bytes: Uint8Array, field: number): number {
  const graph = [...protobufFields(bytes, 'x')].find((part) => part.field === 7)?.value;
  return graph instanceof Uint8Array ? [...protobufFields(graph, 'x')].filter((part) => part.field === field).length : -1;
}

describe('a graph that ends earlier', () => {
  it('gives the inner tensor alone, and holds neither the nodes nor the weights above it', () => {
    const cut = cutGraph(model(), [inner], 'x.onnx');
    expect(readInterface(cut, 'x.onnx')).toEqual({ inputs: [{ name: 'in', shape: ['B', 2] }], outputs: [{ name: 'inner', shape: ['B', 2] }] });
    expect([held(cut, 1), held(cut, 5)]).toEqual([1, 1]);
    expect(cut.length).toBeLessThan(model().length);
  });

  it('keeps what lies outside the graph', () => {
    const [version, maker] = [...protobufFields(cutGraph(model(), [inner], 'x.onnx'), 'x.onnx')];
    expect([version?.value, new TextDecoder().decode(maker?.value as Uint8Array)]).toEqual([8n, 'maker']);
  });

  it('refuses a tensor that no node makes, naming the file and the tensor', () => {
    expect(() => cutGraph(model(), [{ ...inner, name: 'low' }], 'x.onnx')).toThrow(expect.objectContaining({ code: 'artifact_corrupt', message: expect.stringMatching(/x\.onnx.*low/) }));
  });

  it('refuses a node with a graph of its own, which may read anything', () => {
    const branching = model((graph) => graph.message(1, nodeMessage({ op: 'If', inputs: ['in'], outputs: ['chosen'] }).message(5, new ProtobufWriter().string(1, 'then_branch').message(6, new ProtobufWriter()))));
    expect(() => cutGraph(branching, [inner], 'x.onnx')).toThrow(expect.objectContaining({ code: 'artifact_corrupt', message: expect.stringContaining('branches') }));
  });
});
