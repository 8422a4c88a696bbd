import type { Size } from '../tensor/resample.js';

/** Size whose shorter side is `edge` and whose longer side keeps the aspect ratio, rounded down as CLIP's image processor does. */
export function shortestEdgeSize({ width, height }: Size, edge: number): Size {
  if (width <= height) return { width: edge, height: Math.trunc((edge * height) / width) };
  return { width: Math.trunc((edge * width) / height), height: edge };
}
