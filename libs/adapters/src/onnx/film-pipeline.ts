import type { BundleManifest } from '@gpt4video/model/bundle/bundle-schema';
import { denoise } from '@gpt4video/model/diffusion/denoise';
import { createDdim } from '@gpt4video/model/diffusion/ddim';
import { createDpmSolver } from '@gpt4video/model/diffusion/dpm-solver-multistep';
import { guide, needsGuidance } from '@gpt4video/model/diffusion/guidance';
import { initialNoise } from '@gpt4video/model/diffusion/initial-noise';
import { createNoiseSchedule } from '@gpt4video/model/diffusion/noise-schedule';
import type { Solver } from '@gpt4video/model/diffusion/solver';
import { DomainError } from '@gpt4video/ports/errors';
import { joined, latentFrames, sliceOf, taken } from './film-tensors.js';
import type { Conditioning } from './film-tensors.js';
import type { RuntimeSession } from './runtime-session.js';

/** The graphs of the film model. */
export interface FilmSessions {
  readonly textEncoder: RuntimeSession;
  readonly denoiser: RuntimeSession;
  readonly decoder: RuntimeSession;
}

/** One film, its texts as padded token ids. */
export interface FilmRequest {
  /** `[textTokens]` each; to a graph that takes a mask, id 0 is no token. */
  readonly caption: BigInt64Array;
  readonly negative: BigInt64Array;
  readonly seed: number;
  readonly steps: number;
  readonly guidanceScale: number;
}

/** Reports: steps done, and the milliseconds of each stage. */
export interface FilmReport {
  onStep(step: number, steps: number): void;
  stageMs(stage: string, ms: number): void;
}

/** Caption → text encoder → denoising with classifier-free guidance → decoder. */
export class FilmPipeline {
  constructor(
    private readonly sessions: FilmSessions,
    private readonly film: BundleManifest['film'],
  ) {}

  /** The film's pixels, `[frames, 3, height, width]` in 0..1. Throws `cancelled` at a step boundary. */
  async run(request: FilmRequest, report: FilmReport, signal: AbortSignal): Promise<Float32Array> {
    const guided = needsGuidance(request.guidanceScale);
    const conditioning = await timed(report, 'text_encoder', () => this.#encode(guided ? [request.negative, request.caption] : [request.caption]));
    const latents = await timed(report, 'denoise', () =>
      denoise({
        solver: this.#solver(request.steps),
        noise: initialNoise(request.seed, this.film.latents).data,
        predict: (sample, timestep) => this.#predict(sample, timestep, { conditioning, scale: request.guidanceScale }),
        onStep: (step, steps) => report.onStep(step, steps),
        signal,
      }),
    );
    return timed(report, 'decode', () => this.#decode(latents, signal));
  }

  async #encode(texts: readonly BigInt64Array[]): Promise<Conditioning> {
    const length = texts[0]?.length ?? 0;
    const ids = BigInt64Array.from(texts.flatMap((text) => [...text]));
    const mask = ids.map((id) => (id === 0n ? 0n : 1n));
    const shape = [texts.length, length];
    const { textEncoder } = this.sessions;
    const outputs = await textEncoder.run(taken(textEncoder, { input_ids: { shape, data: ids }, attention_mask: { shape, data: mask } }), ['hidden']);
    return { hidden: outputs['hidden']?.data as Float32Array, mask: Float32Array.from(mask, Number), count: texts.length };
  }

  async #predict(sample: Float32Array, timestep: number, { conditioning, scale }: { conditioning: Conditioning; scale: number }): Promise<Float32Array> {
    const perRun = this.film.videosPerRun ?? conditioning.count;
    const predictions: Float32Array[] = [];
    for (let first = 0; first < conditioning.count; first += perRun) {
      const part = await this.#run(sample, timestep, sliceOf(conditioning, first, Math.min(perRun, conditioning.count - first)));
      for (let start = 0; start < part.length; start += sample.length) predictions.push(part.subarray(start, start + sample.length));
    }
    const [prediction = sample, conditional] = predictions;
    return conditional === undefined ? prediction : guide(prediction, conditional, scale);
  }

  /** The predictions for one sample under each text, one after another. */
  async #run(sample: Float32Array, timestep: number, { hidden, mask, count }: Conditioning): Promise<Float32Array> {
    const tokens = mask.length / count;
    const latents = new Float32Array(sample.length * count);
    for (let index = 0; index < count; index += 1) latents.set(sample, index * sample.length);
    const { denoiser } = this.sessions;
    const inputs = {
      latents: { shape: [count, ...this.film.latents], data: latents },
      timestep: { shape: [count], data: new Float32Array(count).fill(timestep) },
      text: { shape: [count, tokens, hidden.length / (count * tokens)], data: hidden },
      text_mask: { shape: [count, tokens], data: mask },
    };
    return (await denoiser.run(taken(denoiser, inputs)))['prediction']?.data as Float32Array;
  }

  async #decode(latents: Float32Array, signal: AbortSignal): Promise<Float32Array> {
    const [channels, frames, height, width] = this.film.latents;
    const perRun = this.film.decodeFrames ?? frames;
    const parts: Float32Array[] = [];
    for (let first = 0; first < frames; first += perRun) {
      if (signal.aborted) throw new DomainError('cancelled', 'The film was cancelled.', { cause: signal.reason });
      const data = latentFrames(latents, { channels, frames, area: height * width }, first, perRun);
      const outputs = await this.sessions.decoder.run({ latents: { shape: [1, channels, perRun, height, width], data } });
      parts.push(outputs['frames']?.data as Float32Array);
    }
    return joined(parts);
  }

  #solver(steps: number): Solver {
    const { prediction, spacing, offset, finalAlphaOne } = this.film.schedule;
    const options = { schedule: createNoiseSchedule(this.film.schedule), steps, prediction, spacing, offset };
    return this.film.defaults.solver === 'ddim' ? createDdim({ ...options, finalAlphaOne }) : createDpmSolver(options);
  }
}

async function timed<Value>(report: FilmReport, stage: string, work: () => Promise<Value>): Promise<Value> {
  const started = performance.now();
  const value = await work();
  report.stageMs(stage, performance.now() - started);
  return value;
}
