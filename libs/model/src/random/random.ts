import { DomainError } from '@gpt4video/ports/errors';

/** SplitMix64's step. */
const GOLDEN_GAMMA = 0x9e3779b97f4a7c15n;

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
  let [a, b, c, d] = seedWords(BigInt.asUintN(64, BigInt(seed)));

  function uint32(): number {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return result;
  }

  return { uint32, float: () => ((uint32() >>> 5) * 2 ** 26 + (uint32() >>> 6)) / 2 ** 53 };
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function seedWords(seed: bigint): [number, number, number, number] {
  const first = splitMix(BigInt.asUintN(64, seed + GOLDEN_GAMMA));
  const second = splitMix(BigInt.asUintN(64, seed + 2n * GOLDEN_GAMMA));
  return [low(first), high(first), low(second), high(second)];
}

function splitMix(counter: bigint): bigint {
  const once = BigInt.asUintN(64, (counter ^ (counter >> 30n)) * 0xbf58476d1ce4e5b9n);
  const twice = BigInt.asUintN(64, (once ^ (once >> 27n)) * 0x94d049bb133111ebn);
  return twice ^ (twice >> 31n);
}

function low(word: bigint): number {
  return Number(BigInt.asIntN(32, word));
}

function high(word: bigint): number {
  return Number(BigInt.asIntN(32, word >> 32n));
}
