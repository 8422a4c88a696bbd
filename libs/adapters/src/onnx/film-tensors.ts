import type { TensorMap } from '@gpt4video/ports/model-session';
import type { RuntimeSession } from './runtime-session.js';

/** What the text encoder says of one or more texts. */
export interface Conditioning {
  /** `[count, textTokens, width]`. */
  readonly hidden: Float32Array;
  /** `[count, textTokens]`, 1 for a real token. */
  readonly mask: Float32Array;
  readonly count: number;
}

/** What it says of `count` of the texts, from `first` on. */
export function sliceOf({ hidden, mask, count: all }: Conditioning, first: number, count: number): Conditioning {
  const part = (values: Float32Array): Float32Array => values.subarray((first * values.length) / all, ((first + count) * values.length) / all);
  return { hidden: part(hidden), mask: part(mask), count };
}

/** Sizes of latents `[channels, frames, area]`. */
export interface LatentSize {
  readonly channels: number;
  readonly frames: number;
  readonly area: number;
}

/** Some frames of the latents, `[channels, count, area]`. */
export function latentFrames(latents: Float32Array, { channels, frames, area }: LatentSize, first: number, count: number): Float32Array {
  if (count === frames) return latents;
  const part = new Float32Array(channels * count * area);
  for (let channel = 0; channel < channels; channel += 1) {
    const start = (channel * frames + first) * area;
    part.set(latents.subarray(start, start + count * area), channel * count * area);
  }
  return part;
}

/** The arrays one after another. */
export function joined(parts: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array()] = parts;
  if (parts.length < 2) return first;
  const result = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let position = 0;
  for (const part of parts) {
    result.set(part, position);
    position += part.length;
  }
  return result;
}

/** The inputs that the graph takes: text towers and denoisers of other families know no mask. */
export function taken(session: RuntimeSession, inputs: TensorMap): TensorMap {
  const names = new Set(session.inputs.map(({ name }) => name));
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => names.has(name)));
}
