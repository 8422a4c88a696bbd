import { OnnxModelSession } from '@gpt4video/adapters/onnx/onnx-model-session';

/** Runs a graph file once, as the services run it, and returns its outputs. */
export async function runGraph(path, inputs) {
  const session = await OnnxModelSession.open({ path, threads: 2 });
  try {
    return await session.run(inputs);
  } finally {
    await session.close();
  }
}
