/** Sizes of a LLaMA-architecture model. */
export interface LlamaConfig {
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headWidth: number;
  readonly feedForward: number;
  readonly vocabulary: number;
  readonly contextTokens: number;
  readonly rmsEpsilon: number;
  /** The rotary angle of each pair for one position, `[headWidth / 2]`, scaling included. */
  readonly rotaryFrequencies: Float32Array;
}

/** How rotary frequencies are stretched for longer contexts (transformers' `rope_scaling`). */
export type RopeScaling =
  | { readonly kind: 'none' }
  | { readonly kind: 'linear'; readonly factor: number }
  | { readonly kind: 'llama3'; readonly factor: number; readonly lowFactor: number; readonly highFactor: number; readonly originalContext: number }
  /** A divisor for each pair, as GGUF files carry them in `rope_freqs.weight`. */
  | { readonly kind: 'divisors'; readonly divisors: Float32Array };

/** base^(−2i / headWidth), rounded to float32 at each step as the reference implementation does, then scaled. */
export function rotaryFrequencies(headWidth: number, base: number, scaling: RopeScaling): Float32Array {
  return Float32Array.from({ length: headWidth / 2 }, (_, index) => {
    const frequency = Math.fround(1 / Math.fround(base ** Math.fround((2 * index) / headWidth)));
    if (scaling.kind === 'linear') return frequency / scaling.factor;
    if (scaling.kind === 'divisors') return frequency / (scaling.divisors[index] ?? 1);
    return scaling.kind === 'llama3' ? llama3Frequency(frequency, scaling) : frequency;
  });
}

/** Long waves are stretched, short ones kept, those between blended (Llama 3.1). */
function llama3Frequency(frequency: number, { factor, lowFactor, highFactor, originalContext }: Extract<RopeScaling, { kind: 'llama3' }>): number {
  const wavelength = (2 * Math.PI) / frequency;
  if (wavelength < originalContext / highFactor) return frequency;
  if (wavelength > originalContext / lowFactor) return frequency / factor;
  const smooth = (originalContext / wavelength - lowFactor) / (highFactor - lowFactor);
  return ((1 - smooth) * frequency) / factor + smooth * frequency;
}
