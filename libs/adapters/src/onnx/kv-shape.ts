import { DomainError } from '@gpt4video/ports/errors';
import type { KvShape } from './kv-cache.js';
import type { RuntimeSession } from './runtime-session.js';

/** Sizes of the cache by the graph's own inputs. Throws `model_unavailable` for a graph that keeps its cache in another way. */
export function kvShape(session: RuntimeSession, graph: string): KvShape {
  const pasts = session.inputs.filter(({ name }) => name.startsWith('past.'));
  const [kvHeads, , , headWidth] = pasts[0]?.shape ?? [];
  if (!session.outputs.some(({ name }) => name === 'new_rows')) {
    throw new DomainError('model_unavailable', `The model ${graph} gives ${session.outputs.map(({ name }) => name).slice(0, 3).join(', ')} … instead of logits and new_rows: another version assembled it. Run: npx gpt4video models pull, or import it again`);
  }
  return { layers: pasts.length / 2, kvHeads: Number(kvHeads), headWidth: Number(headWidth) };
}
