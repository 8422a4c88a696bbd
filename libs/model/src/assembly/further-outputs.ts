import { valueMessage } from './onnx-messages.js';
import type { OnnxValue } from './onnx-messages.js';
import { ProtobufWriter } from './protobuf-writer.js';

const MODEL_GRAPH = 7;
const GRAPH_OUTPUT = 12;

/**
 * Bytes that make inner tensors of a graph its outputs when they follow the bytes of a `ModelProto`: protobuf merges a
 * message that is given twice (protobuf.dev, "Last One Wins"), so a second `ModelProto` with nothing but outputs extends
 * the first one's graph. The weights stay as they are, and need not be stored again.
 */
export function furtherOutputs(outputs: readonly OnnxValue[]): Uint8Array {
  const graph = new ProtobufWriter();
  for (const output of outputs) graph.message(GRAPH_OUTPUT, valueMessage(output));
  return new ProtobufWriter().message(MODEL_GRAPH, graph).finish();
}
