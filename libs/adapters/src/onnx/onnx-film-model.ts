import type { BundleManifest } from '@gpt4video/model/bundle/bundle-schema';
import { DomainError } from '@gpt4video/ports/errors';
import type { Execution, ExecutionProvider } from '@gpt4video/ports/execution';
import { FilmModel } from '@gpt4video/ports/film-model';
import type { Film, FilmLimits, FilmProgress, FilmSpec } from '@gpt4video/ports/film-model';
import type { TextTokenizer } from '@gpt4video/ports/text-tokenizer';
import type { FilmRequest } from './film-pipeline.js';
import type { FilmResult } from './film-worker.js';
import { RunQueue } from './run-queue.js';
import { WorkerClient } from './worker-client.js';

/** How the film model is opened. */
export interface OnnxFilmOptions {
  /** Paths of the graphs. */
  readonly textEncoder: string;
  readonly denoiser: string;
  readonly decoder: string;
  /** Tokenizer of the text encoder; frames a text with its begin and end tokens. */
  readonly tokenizer: TextTokenizer;
  readonly manifest: BundleManifest;
  /** Threads of one operator. */
  readonly threads: number;
  /** What may compute it, best first; the processor when absent. */
  readonly providers?: readonly ExecutionProvider[];
  /** Most denoising steps that a request may ask for; 100 when absent. */
  readonly maxSteps?: number;
}

const MAX_STEPS = 100;
/** Films that may wait in this process; the queue of generations is elsewhere. */
const MAX_WAITING = 4;

/** The bundle's film model in a worker thread, one film at a time. */
export class OnnxFilmModel extends FilmModel {
  readonly limits: FilmLimits;
  readonly execution: Execution;
  readonly #queue = new RunQueue(MAX_WAITING);

  private constructor(
    private readonly worker: WorkerClient,
    private readonly options: OnnxFilmOptions,
  ) {
    super();
    this.execution = (worker.ready as { execution: Execution }).execution;
    const { film, textEncoder } = options.manifest;
    this.limits = {
      sizes: [`${film.width}x${film.height}`],
      maxSteps: options.maxSteps ?? MAX_STEPS,
      frames: film.frames,
      fps: film.fps,
      defaults: { steps: film.defaults.steps, guidanceScale: film.defaults.guidanceScale },
      captionTokens: textEncoder.maxTokens,
    };
  }

  /** Loads the graphs and, unless they are large, makes a film of one step to warm them up. Throws `model_unavailable` naming the file. */
  static async open(options: OnnxFilmOptions): Promise<OnnxFilmModel> {
    const { textEncoder, denoiser, decoder, manifest, threads, providers } = options;
    const worker = await WorkerClient.start('film-worker', { textEncoder, denoiser, decoder, film: manifest.film, threads, providers });
    const model = new OnnxFilmModel(worker, options);
    const { film } = manifest;
    // A model of hundreds of megabytes takes minutes a step: its first film must not wait for another.
    if (film.denoiser.data !== undefined) return model;
    const warmUp = { caption: '', negativePrompt: '', seed: 0, steps: 1, guidanceScale: 2, width: film.width, height: film.height, frames: film.frames, fps: film.fps };
    await model.film(warmUp, () => undefined, AbortSignal.timeout(60_000));
    return model;
  }

  async film(spec: FilmSpec, onStep: (progress: FilmProgress) => void, signal: AbortSignal): Promise<Film> {
    this.#check(spec);
    const leave = await this.#queue.enter(signal);
    try {
      const request: FilmRequest = { caption: this.#ids(spec.caption), negative: this.#ids(spec.negativePrompt), seed: spec.seed, steps: spec.steps, guidanceScale: spec.guidanceScale };
      const { pixels, stageMs } = (await this.worker.call(request, { signal, onEvent: (progress) => onStep(progress as FilmProgress) })) as FilmResult;
      const { width, height, frames, fps } = spec;
      return { pixels: new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.length), width, height, frames, fps, stageMs };
    } finally {
      leave();
    }
  }

  close(): Promise<void> {
    return this.worker.close();
  }

  /** Nest calls it by name: a process that exits while a thread still holds a native session may crash. */
  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  /** Token ids cut and padded to the text encoder's length; a cut caption keeps its end token. */
  #ids(text: string): BigInt64Array {
    const length = this.limits.captionTokens;
    const pad = this.options.manifest.textEncoder.padToken ?? 0;
    // Text encoders of the CLIP family read lower case, and their tokenizer files do not always say so.
    const ids = [...this.options.tokenizer.encode(text.toLowerCase(), { special: false })];
    const kept = ids.length > length ? [...ids.slice(0, length - 1), ids.at(-1) ?? 0] : ids;
    return BigInt64Array.from({ length }, (_, index) => BigInt(kept[index] ?? pad));
  }

  #check({ width, height, frames, fps, steps }: FilmSpec): void {
    const { sizes, maxSteps } = this.limits;
    const size = `${width}x${height}`;
    if (!sizes.includes(size)) throw refused('size', `The film size ${size} is not one of ${sizes.join(', ')}.`);
    if (frames !== this.limits.frames || fps !== this.limits.fps) throw refused('seconds', `A film has ${this.limits.frames} frames at ${this.limits.fps} a second, not ${frames} at ${fps}.`);
    if (!Number.isInteger(steps) || steps < 1 || steps > maxSteps) throw refused('steps', `"steps" must be a whole number from 1 to ${maxSteps}, found ${steps}.`);
  }
}

function refused(param: string, message: string): DomainError {
  return new DomainError('invalid_request', message, { param });
}
