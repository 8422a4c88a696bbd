/** Interpolation by name. */
export type Interpolation = 'bilinear' | 'bicubic' | 'lanczos';

/** A convolution kernel: weight at a distance in source pixels (before antialiasing widens it), zero beyond `support`. */
export interface ResampleFilter {
  readonly support: number;
  weight(distance: number): number;
}

/** Free parameter of Keys' bicubic kernel; −0.5 is PIL's (OpenCV and browsers use −0.75). */
const CUBIC_A = -0.5;

/** The kernels of PIL's `Image.resize`. */
export const RESAMPLE_FILTERS: Readonly<Record<Interpolation, ResampleFilter>> = {
  bilinear: { support: 1, weight: (distance) => Math.max(0, 1 - Math.abs(distance)) },
  bicubic: { support: 2, weight: (distance) => cubic(Math.abs(distance)) },
  lanczos: { support: 3, weight: (distance) => (distance >= -3 && distance < 3 ? sinc(distance) * sinc(distance / 3) : 0) },
};

function cubic(x: number): number {
  if (x < 1) return ((CUBIC_A + 2) * x - (CUBIC_A + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * CUBIC_A : 0;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
}
