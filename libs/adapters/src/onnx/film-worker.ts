import type { BundleManifest } from '@gpt4video/model/bundle/bundle-schema';
import { DomainError } from '@gpt4video/ports/errors';
import type { ExecutionProvider } from '@gpt4video/ports/execution';
import { FilmPipeline } from './film-pipeline.js';
import type { FilmRequest } from './film-pipeline.js';
import { interleaveRgb } from './interleave-rgb.js';
import { RuntimeSession } from './runtime-session.js';
import { serveWorker } from './worker-host.js';

/** How the film model is opened: paths of its graphs, and its part of the manifest. */
export interface FilmWorkerOptions {
  readonly textEncoder: string;
  readonly denoiser: string;
  readonly decoder: string;
  readonly film: BundleManifest['film'];
  readonly threads: number;
  readonly providers?: readonly ExecutionProvider[] | undefined;
}

/** What a finished film sends to the main thread. */
export interface FilmResult {
  /** `[frames, height, width, 3]`. */
  readonly pixels: Uint8Array;
  readonly stageMs: Readonly<Record<string, number>>;
}

await serveWorker(async ({ textEncoder, denoiser, decoder, film, threads, providers }: FilmWorkerOptions) => {
  const first = await RuntimeSession.load({ path: textEncoder, threads, providers });
  // What computes the first graph computes all of them: half a film on the processor would be a fallback that nobody sees.
  const load = (path: string): Promise<RuntimeSession> => RuntimeSession.load({ path, threads, providers: [first.execution.provider] });
  const sessions = { textEncoder: first, denoiser: await load(denoiser), decoder: await load(decoder) };
  const pipeline = new FilmPipeline(sessions, film);
  return {
    ready: { execution: first.execution },
    close: async () => void (await Promise.all(Object.values(sessions).map((session) => session.close()))),
    call: async (request: FilmRequest, { signal, emit, transfer }): Promise<FilmResult> => {
      const stageMs: Record<string, number> = {};
      const planes = await pipeline.run(request, { onStep: (step, steps) => emit({ step, steps }), stageMs: (stage, ms) => void (stageMs[stage] = ms) }, signal);
      const expected = film.frames * film.width * film.height * 3;
      if (planes.length !== expected) throw new DomainError('internal', `The film decoder gave ${planes.length} values instead of ${expected}; graph and bundle do not belong together.`);
      const pixels = interleaveRgb(planes, film.width * film.height);
      transfer([pixels.buffer]);
      return { pixels, stageMs };
    },
  };
});
