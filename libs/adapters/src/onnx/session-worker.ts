import { RuntimeSession } from './runtime-session.js';
import type { RuntimeOptions } from './runtime-session.js';
import { describeTensors } from './tensor-transfer.js';
import type { MovedTensor } from './tensor-transfer.js';
import { serveWorker } from './worker-host.js';

/** One run: inputs, and the outputs wanted (all when absent). */
export interface SessionRequest {
  readonly inputs: Readonly<Record<string, MovedTensor>>;
  readonly outputs: readonly string[] | undefined;
}

await serveWorker(async (options: RuntimeOptions) => {
  const session = await RuntimeSession.load(options);
  return {
    ready: { inputs: session.inputs, outputs: session.outputs, execution: session.execution },
    close: () => session.close(),
    call: async ({ inputs, outputs }: SessionRequest, scope) => {
      const results = describeTensors(await session.run(inputs, outputs));
      scope.transfer([...new Set(Object.values(results).map(({ data }) => data.buffer))].filter((buffer) => buffer instanceof ArrayBuffer));
      return results;
    },
  };
});
