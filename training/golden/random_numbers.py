"""xoshiro128** seeded by SplitMix64, and Box–Muller, written from their definitions with Python's own integers."""

import math

from fixture import write

MASK32, MASK64 = 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF


def splitmix64(seed: int):
    state = seed & MASK64
    while True:
        state = (state + 0x9E3779B97F4A7C15) & MASK64
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK64
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK64
        yield z ^ (z >> 31)


def rotl(value: int, bits: int) -> int:
    return ((value << bits) | (value >> (32 - bits))) & MASK32


def xoshiro128starstar(seed: int):
    words = splitmix64(seed)
    first, second = next(words), next(words)
    s = [first & MASK32, first >> 32, second & MASK32, second >> 32]
    while True:
        yield (rotl((s[1] * 5) & MASK32, 7) * 9) & MASK32
        t = (s[1] << 9) & MASK32
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotl(s[3], 11)


def floats(seed: int):
    draws = xoshiro128starstar(seed)
    while True:
        yield ((next(draws) >> 5) * 67108864 + (next(draws) >> 6)) / 9007199254740992


def gaussians(seed: int):
    uniform = floats(seed)
    while True:
        radius, angle = math.sqrt(-2 * math.log(1 - next(uniform))), 2 * math.pi * next(uniform)
        yield radius * math.cos(angle)
        yield radius * math.sin(angle)


def take(stream, count: int) -> list:
    return [next(stream) for _ in range(count)]


if __name__ == "__main__":
    cases = [
        {"seed": seed, "uint32": take(xoshiro128starstar(seed), 8), "float": take(floats(seed), 4), "gaussian": take(gaussians(seed), 7)}
        for seed in (0, 1, 42, -1, 2**53 - 1, 1234567890123)
    ]
    write("random", __file__, {"cases": cases})
