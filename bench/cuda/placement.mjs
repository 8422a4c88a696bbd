// Which provider computes each node, in the runtime's own profile: a session on CUDA hands to the processor what CUDA has no kernel for,
// and does not say so.
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sessionOptions } from '@gpt4video/adapters/onnx/open-session';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { seededInputs } from './inputs.mjs';

/** Nodes of one run on each provider; `fallen` are the kinds of those on the processor, each with its count. */
export async function placementOf({ path, batch, provider = 'cuda' }) {
  const folder = mkdtempSync(join(tmpdir(), 'profile-'));
  try {
    const session = await InferenceSession.create(path, { ...sessionOptions(provider, 1), enableProfiling: true, profileFilePrefix: join(folder, 'run') });
    const feeds = Object.entries(seededInputs(session.inputMetadata, batch)).map(([name, { shape, data }]) => [name, new Tensor(data, shape)]);
    await session.run(Object.fromEntries(feeds));
    session.endProfiling();
    await session.release();
    return countNodes(JSON.parse(readFileSync(join(folder, readdirSync(folder)[0] ?? 'none'), 'utf8')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Counts a profile's events: `{ cat: 'Node', name: '…_kernel_time', args: { provider, op_name } }`. */
export function countNodes(events) {
  const nodes = events.filter(({ cat, name, args }) => cat === 'Node' && name.endsWith('_kernel_time') && args?.provider !== undefined);
  const on = (provider) => nodes.filter(({ args }) => args.provider === provider);
  const kinds = Map.groupBy(on('CPUExecutionProvider'), ({ args }) => args.op_name);
  return { cuda: on('CUDAExecutionProvider').length, cpu: on('CPUExecutionProvider').length, fallen: [...kinds].map(([kind, all]) => `${kind} ${all.length}`) };
}
