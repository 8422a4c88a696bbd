// node bench/cuda/refusal.mjs GRAPH: what opening a graph on CUDA alone says here, then what it says when the processor may follow.
import { RuntimeSession } from '@gpt4video/adapters/onnx/runtime-session';

const [, , path] = process.argv;
const answers = [];
for (const providers of [['cuda'], ['cuda', 'cpu']]) {
  try {
    const session = await RuntimeSession.load({ path, threads: 1, providers });
    answers.push({ providers, execution: session.execution });
    await session.close();
  } catch ({ code, message }) {
    answers.push({ providers, code, message });
  }
}
process.stdout.write(`${JSON.stringify(answers)}\n`);
