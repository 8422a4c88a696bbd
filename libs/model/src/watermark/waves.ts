/** A cosine across the picture: half-waves down and across. */
export interface Wave {
  readonly down: number;
  readonly across: number;
}

/** Side of the square that a picture is reduced to before it is measured, so that its size does not matter. */
export const GRID = 64;

// Slower waves are what a picture is mostly made of; faster ones do not survive half the size.
const SLOWEST = 2;
const FASTEST = 20;

/** The waves that carry the mark, in a fixed order: 228 of them. */
export const MARKED_WAVES: readonly Wave[] = Array.from({ length: (FASTEST + 1) ** 2 }, (_, index) => ({ down: Math.floor(index / (FASTEST + 1)), across: index % (FASTEST + 1) })).filter(
  ({ down, across }) => down + across >= SLOWEST && down + across <= FASTEST,
);

/** Fastest half-waves in one direction. */
export const MAX_HALF_WAVES = FASTEST;

/** Value at `position` of `length` samples of the cosine with so many half-waves, scaled as in an orthonormal DCT over `GRID` samples. */
export function waveAt(halfWaves: number, position: number, length: number): number {
  const scale = Math.sqrt((halfWaves === 0 ? 1 : 2) / GRID);
  return scale * Math.cos((Math.PI * (position + 0.5) * halfWaves) / length);
}
