import { generateTokens, promptLength } from '@gpt4video/model/language/generate';
import type { ExecutionProvider } from '@gpt4video/ports/execution';
import type { GenerateEvent, GenerateRequest } from '@gpt4video/ports/language-model';
import { Decoder } from './decoder.js';
import { EmbeddingTable } from './embedding-table.js';
import { kvShape } from './kv-shape.js';
import { RuntimeSession } from './runtime-session.js';
import { serveWorker } from './worker-host.js';
import type { CallScope } from './worker-host.js';

/** How the language model is opened. */
export interface LanguageWorkerOptions {
  readonly graph: string;
  readonly embeddings: string;
  readonly threads: number;
  readonly providers?: readonly ExecutionProvider[] | undefined;
  /** Bytes kept of the prompts of earlier turns. */
  readonly memoryBytes: number;
}

await serveWorker(async ({ graph, embeddings, threads, providers, memoryBytes }: LanguageWorkerOptions) => {
  const session = await RuntimeSession.load({ path: graph, threads, providers });
  const table = EmbeddingTable.open(embeddings);
  const decoder = new Decoder(session, table, { shape: kvShape(session, graph), memoryBytes });
  return {
    ready: { width: table.width, execution: session.execution },
    close: async () => {
      await session.close();
      table.close();
    },
    call: (request: GenerateRequest, scope) => generate(decoder, request, scope),
  };
});

async function generate(decoder: Decoder, request: GenerateRequest, { signal, emit }: CallScope): Promise<void> {
  const started = performance.now();
  let firstTokenMs: number | undefined;
  for await (const event of generateTokens(decoder, request, signal)) {
    firstTokenMs ??= performance.now() - started;
    if (event.kind === 'token') emit(event satisfies GenerateEvent);
    else {
      const counts = { promptTokens: promptLength(request.prompt), cachedTokens: decoder.reused, completionTokens: event.completionTokens };
      emit({ kind: 'end', reason: event.reason, ...counts, firstTokenMs, totalMs: performance.now() - started } satisfies GenerateEvent);
    }
  }
}
