import { DomainError } from '@gpt4video/ports/errors';
import { RESAMPLE_FILTERS } from './resample-filters.js';
import type { Interpolation, ResampleFilter } from './resample-filters.js';

/** An RGB picture, `[height, width, 3]` bytes. */
export interface RgbImage {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Resizes with antialiasing, bit for bit as PIL's `Image.resize`: the kernel widens when shrinking, weights are rounded
 * to 22 fractional bits, rows are filtered before columns (as Pillow did up to 12; later ones choose by size) and rounded to bytes in between.
 * Throws `internal` when the picture is not `[height, width, 3]` or a size is not a whole number from 1.
 */
export function resample(image: RgbImage, size: Size, interpolation: Interpolation): RgbImage {
  checkImage(image);
  checkSize(size);
  const filter = RESAMPLE_FILTERS[interpolation];
  const narrowed = size.width === image.width ? image : filterRows(image, size.width, filter);
  return size.height === image.height ? narrowed : filterColumns(narrowed, size.height, filter);
}

interface Kernel {
  /** First source position of each target position. */
  readonly starts: Int32Array;
  /** Number of source positions of each target position. */
  readonly lengths: Int32Array;
  /** Fixed-point weights, `[target, taps]`. */
  readonly weights: Int32Array;
  readonly taps: number;
}

const CHANNELS = 3;
const FRACTION_BITS = 22;
const HALF = 1 << (FRACTION_BITS - 1);

function filterRows(image: RgbImage, width: number, filter: ResampleFilter): RgbImage {
  const kernel = kernelOf(image.width, width, filter);
  const pixels = new Uint8Array(image.height * width * CHANNELS);
  const convolve = convolution({ source: image.pixels, stride: CHANNELS, target: pixels }, kernel);
  for (let row = 0; row < image.height; row++) {
    const source = row * image.width * CHANNELS;
    for (let column = 0; column < width; column++) {
      convolve(column, source + (kernel.starts[column] ?? 0) * CHANNELS, (row * width + column) * CHANNELS);
    }
  }
  return { pixels, width, height: image.height };
}

function filterColumns(image: RgbImage, height: number, filter: ResampleFilter): RgbImage {
  const kernel = kernelOf(image.height, height, filter);
  const stride = image.width * CHANNELS;
  const pixels = new Uint8Array(height * stride);
  const convolve = convolution({ source: image.pixels, stride, target: pixels }, kernel);
  for (let row = 0; row < height; row++) {
    const source = (kernel.starts[row] ?? 0) * stride;
    for (let column = 0; column < stride; column += CHANNELS) convolve(row, source + column, row * stride + column);
  }
  return { pixels, width: image.width, height };
}

interface Pass {
  readonly source: Uint8Array;
  /** Bytes between the source values of one sum. */
  readonly stride: number;
  readonly target: Uint8Array;
}

/** Sums for a target position, from a place in the source to a place in the target. It is called for every pixel, so its arguments are plain numbers. */
function convolution({ source, stride, target }: Pass, { lengths, weights, taps }: Kernel): (position: number, from: number, to: number) => void {
  return (position, from, to) => {
    let red = HALF;
    let green = HALF;
    let blue = HALF;
    const first = position * taps;
    const last = first + (lengths[position] ?? 0);
    for (let tap = first, at = from; tap < last; tap++, at += stride) {
      const weight = weights[tap] ?? 0;
      red += (source[at] ?? 0) * weight;
      green += (source[at + 1] ?? 0) * weight;
      blue += (source[at + 2] ?? 0) * weight;
    }
    target[to] = toByte(red);
    target[to + 1] = toByte(green);
    target[to + 2] = toByte(blue);
  };
}

function toByte(sum: number): number {
  return Math.min(255, Math.max(0, sum >> FRACTION_BITS));
}

function kernelOf(source: number, target: number, filter: ResampleFilter): Kernel {
  const scale = source / target;
  const widening = Math.max(scale, 1);
  const support = filter.support * widening;
  const taps = Math.ceil(support) * 2 + 1;
  const kernel = { starts: new Int32Array(target), lengths: new Int32Array(target), weights: new Int32Array(target * taps), taps };
  for (let position = 0; position < target; position++) {
    const center = (position + 0.5) * scale;
    const start = Math.max(0, Math.trunc(center - support + 0.5));
    const length = Math.min(source, Math.trunc(center + support + 0.5)) - start;
    const weights = Array.from({ length }, (_, tap) => filter.weight((tap + start - center + 0.5) / widening));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    kernel.starts[position] = start;
    kernel.lengths[position] = length;
    weights.forEach((weight, tap) => (kernel.weights[position * taps + tap] = fixedPoint(weight / total)));
  }
  return kernel;
}

function fixedPoint(weight: number): number {
  return Math.trunc(weight * 2 ** FRACTION_BITS + (weight < 0 ? -0.5 : 0.5));
}

function checkImage({ pixels, width, height }: RgbImage): void {
  checkSize({ width, height });
  if (pixels.length === width * height * CHANNELS) return;
  throw new DomainError('internal', `A picture of ${width}×${height} holds ${width * height * CHANNELS} bytes of RGB, found ${pixels.length}.`);
}

function checkSize({ width, height }: Size): void {
  if (Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0) return;
  throw new DomainError('internal', `A picture needs a whole width and height from 1, found ${width}×${height}.`);
}
