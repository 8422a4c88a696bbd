import type { BundleManifest } from '@gpt4video/model/bundle/bundle-schema';
import { denoise } from '@gpt4video/model/diffusion/denoise';
import { createDdim } from '@gpt4video/model/diffusion/ddim';
import { createDpmSolver } from '@gpt4video/model/diffusion/dpm-solver-multistep';
import { guide, needsGuidance } from '@gpt4video/model/diffusion/guidance';
import { initialNoise } from '@gpt4video/model/diffusion/initial-noise';
import { createNoiseSchedule } from '@gpt4video/model/diffusion/noise-schedule';
import type { Solver } from '@gpt4video/model/diffusion/solver';
import type { RuntimeSession } from './runtime-session.js';

/** The graphs of the film model. */
export interface FilmSessions {
  readonly textEncoder: RuntimeSession;
  readonly denoiser: RuntimeSession;
  readonly decoder: RuntimeSession;
}

/** One film, its texts as padded token ids. */
export interface FilmRequest {
  /** `[textTokens]` each; pad id 0 counts as no token. */
  readonly caption: BigInt64Array;
  readonly negative: BigInt64Array;
  readonly seed: number;
  readonly steps: number;
  readonly guidanceScale: number;
}

/** What the text encoder says of one or more texts. */
interface Conditioning {
  /** `[count, textTokens, width]`. */
  readonly hidden: Float32Array;
  /** `[count, textTokens]`, 1 for a real token. */
  readonly mask: Float32Array;
  readonly count: number;
}

/** Reports: steps done, and the milliseconds of each stage. */
export interface FilmReport {
  onStep(step: number, steps: number): void;
  stageMs(stage: string, ms: number): void;
}

/** Caption → text encoder → denoising with classifier-free guidance, both halves in one batch → decoder. */
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
    return timed(report, 'decode', () => this.#decode(latents));
  }

  async #encode(texts: readonly BigInt64Array[]): Promise<Conditioning> {
    const length = texts[0]?.length ?? 0;
    const ids = BigInt64Array.from(texts.flatMap((text) => [...text]));
    const mask = ids.map((id) => (id === 0n ? 0n : 1n));
    const shape = [texts.length, length];
    const outputs = await this.sessions.textEncoder.run({ input_ids: { shape, data: ids }, attention_mask: { shape, data: mask } }, ['hidden']);
    return { hidden: outputs['hidden']?.data as Float32Array, mask: Float32Array.from(mask, Number), count: texts.length };
  }

  async #predict(sample: Float32Array, timestep: number, { conditioning, scale }: { conditioning: Conditioning; scale: number }): Promise<Float32Array> {
    const { hidden, mask, count } = conditioning;
    const tokens = mask.length / count;
    const latents = new Float32Array(sample.length * count);
    for (let index = 0; index < count; index += 1) latents.set(sample, index * sample.length);
    const outputs = await this.sessions.denoiser.run({
      latents: { shape: [count, ...this.film.latents], data: latents },
      timestep: { shape: [count], data: new Float32Array(count).fill(timestep) },
      text: { shape: [count, tokens, hidden.length / (count * tokens)], data: hidden },
      text_mask: { shape: [count, tokens], data: mask },
    });
    const prediction = outputs['prediction']?.data as Float32Array;
    return count === 1 ? prediction : guide(prediction.subarray(0, sample.length), prediction.subarray(sample.length), scale);
  }

  async #decode(latents: Float32Array): Promise<Float32Array> {
    const outputs = await this.sessions.decoder.run({ latents: { shape: [1, ...this.film.latents], data: latents } });
    return outputs['frames']?.data as Float32Array;
  }

  #solver(steps: number): Solver {
    const schedule = createNoiseSchedule(this.film.schedule);
    const create = this.film.defaults.solver === 'ddim' ? createDdim : createDpmSolver;
    return create({ schedule, steps, prediction: this.film.schedule.prediction });
  }
}

async function timed<Value>(report: FilmReport, stage: string, work: () => Promise<Value>): Promise<Value> {
  const started = performance.now();
  const value = await work();
  report.stageMs(stage, performance.now() - started);
  return value;
}
