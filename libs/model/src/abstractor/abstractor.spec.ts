import { readFileSync } from 'node:fs';
import { decodeSafetensors } from '../tensor/safetensors.js';
import { expectFloats } from '../tensor/tensor.js';
import type { FloatTensor } from '../tensor/tensor.js';
import { expectFeatures, expectVisualTokens, visualTokenCount } from './contract.js';
import type { AbstractorVariant } from './contract.js';
import { abstract } from './reference.js';

interface Case {
  readonly variant: AbstractorVariant;
  readonly extras: string[];
  readonly layers: number;
  readonly heads: number;
  readonly tensors: string;
  readonly shape: number[];
  readonly tokens: number[];
}

const { cases } = JSON.parse(readFileSync(new URL('../../fixtures/abstractor.json', import.meta.url), 'utf8')) as { cases: Case[] };
const worst = (values: Float32Array, expected: ArrayLike<number>) => values.reduce((most, value, index) => Math.max(most, Math.abs(value - (expected[index] ?? NaN))), 0);

function open({ tensors }: Case) {
  const weights = decodeSafetensors(Buffer.from(tensors, 'base64'));
  return { weights, features: expectFloats('features', weights['features'], ['B', 'T', 'P', 'D']) };
}

/** The same features, frames in the opposite order. */
function reversed({ shape, data }: FloatTensor): FloatTensor {
  const [batch = 0, frames = 0, patches = 0, width = 0] = shape;
  const size = patches * width;
  const turned = new Float32Array(data.length);
  for (let video = 0; video < batch; video++) {
    for (let frame = 0; frame < frames; frame++) {
      const from = (video * frames + frame) * size;
      turned.set(data.subarray(from, from + size), (video * frames + frames - 1 - frame) * size);
    }
  }
  return { shape, data: turned };
}

describe('abstract', () => {
  it.each(cases)('$variant with $extras equals PyTorch', (one) => {
    const { weights, features } = open(one);
    const tokens = abstract(features, weights, one);
    expect(tokens.shape).toEqual(one.shape);
    expect(tokens.data).toHaveLength(one.tokens.length);
    expect(worst(tokens.data, one.tokens)).toBeLessThanOrEqual(1e-5);
  });

  it.each(cases.filter(({ extras }) => !extras.includes('place')))('$variant with $extras sees the order of frames only by time embeddings', (one) => {
    const { weights, features } = open(one);
    const difference = worst(abstract(reversed(features), weights, one).data, abstract(features, weights, one).data);
    if (one.extras.includes('time')) expect(difference).toBeGreaterThan(0.01);
    else expect(difference).toBeLessThan(1e-5);
  });

  it('names a missing weight', () => {
    const [one] = cases;
    if (one === undefined) throw new Error('no case');
    const { weights, features } = open(one);
    const { ['layers.1.key.bias']: _, ...rest } = weights;
    expect(() => abstract(features, rest, one)).toThrow('"layers.1.key.bias" is missing');
  });
});

describe('shape contract', () => {
  const shapes = { frames: 4, patches: 65, featureWidth: 256, tokens: 65, width: 576 };

  it.each([
    ['joint', undefined, 65],
    ['paper', undefined, 64],
    ['joint', 3, 4],
  ] as const)('%s with %s queries has %i tokens', (variant, queries, count) => expect(visualTokenCount(variant, queries)).toBe(count));

  it('accepts what fits and names what does not', () => {
    const features = { shape: [1, 4, 65, 256], data: new Float32Array(4 * 65 * 256) };
    expect(expectFeatures(features, shapes)).toEqual(features);
    expect(() => expectFeatures({ shape: [1, 4, 257, 1024], data: new Float32Array() }, shapes)).toThrow('"features" must have shape [B, 4, 65, 256], found [1, 4, 257, 1024]');
    expect(() => expectVisualTokens(undefined, shapes)).toThrow('"tokens" of shape [B, 65, 576] is missing');
  });
});
