import { DomainError } from '@gpt4video/ports/errors';

/** A seeded source of randomness, passed in wherever chance is needed. Each draw moves it on. */
export interface Random {
  /** The next whole number, 0 to 2³² − 1. */
  uint32(): number;
  /** The next number in [0, 1), with 53 random bits. */
  float(): number;
}

/**
 * xoshiro128** (Blackman and Vigna), its state filled from the seed by SplitMix64. Same seed, same draws, on every machine.
 * Throws `invalid_request` unless the seed is a safe integer.
 */
export function createRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed)) {
    throw new DomainError('invalid_request', `A seed is a whole number within ±${Number.MAX_SAFE_INTEGER}, found ${seed}.`, { param: 'seed' });
  }
  const state = seedState(BigInt.asUintN(64, BigInt(seed)));
  const uint32 = (): number => nextOf(state);
  return { uint32, float: () => ((uint32() >>> 5) * 2 ** 26 + (uint32() >>> 6)) / 2 ** 53 };
}

function nextOf(state: Uint32Array): number {
  let [a = 0, b = 0, c = 0, d = 0] = state;
  const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
  const shifted = b << 9;
  c ^= a;
  d ^= b;
  b ^= c;
  a ^= d;
  c ^= shifted;
  d = rotateLeft(d, 11);
  state.set([a, b, c, d]);
  return result;
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function seedState(seed: bigint): Uint32Array {
  const words = new Uint32Array(4);
  let counter = seed;
  for (let half = 0; half < 4; half += 2) {
    counter = BigInt.asUintN(64, counter + 0x9e3779b97f4a7c15n);
    let mixed = counter;
    mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 30n)) * 0xbf58476d1ce4e5b9n);
    mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn);
    mixed ^= mixed >> 31n;
    words[half] = Number(mixed & 0xffffffffn);
    words[half + 1] = Number(mixed >> 32n);
  }
  return words;
}
