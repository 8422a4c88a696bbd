/** How a decoded picture is turned upright: first transposed (rows become columns) or not, then mirrored. */
export interface Orientation {
  readonly transpose: boolean;
  readonly mirrorX: boolean;
  readonly mirrorY: boolean;
}

/** The picture as it is coded. */
export const UPRIGHT: Orientation = { transpose: false, mirrorX: false, mirrorY: false };

/** Bytes of FFmpeg's display matrix: nine native-endian int32, `x' = a·x + c·y`, `y' = b·x + d·y` with a, b, c, d at 0, 1, 3, 4. */
const MATRIX_BYTES = 36;

/** The multiple of a quarter turn, with or without mirroring, that is nearest to the display matrix. */
export function orientationOf(matrix: Uint8Array | null): Orientation {
  if (matrix === null || matrix.byteLength < MATRIX_BYTES) return UPRIGHT;
  const view = new DataView(matrix.buffer, matrix.byteOffset, MATRIX_BYTES);
  const [a, b, c, d] = [0, 4, 12, 16].map((offset) => view.getInt32(offset, true)) as [number, number, number, number];
  if (Math.abs(a) + Math.abs(d) >= Math.abs(b) + Math.abs(c)) return { transpose: false, mirrorX: a < 0, mirrorY: d < 0 };
  return { transpose: true, mirrorX: c < 0, mirrorY: b < 0 };
}

/** Turns `[height, width, 3]` pixels; the result has width and height swapped when transposed. */
export function orient(pixels: Uint8Array, width: number, height: number, { transpose, mirrorX, mirrorY }: Orientation): Uint8Array {
  if (!transpose && !mirrorX && !mirrorY) return pixels;
  const [outWidth, outHeight] = transpose ? [height, width] : [width, height];
  const out = new Uint8Array(pixels.byteLength);
  let to = 0;
  for (let y = 0; y < outHeight; y += 1) {
    const v = mirrorY ? outHeight - 1 - y : y;
    for (let x = 0; x < outWidth; x += 1) {
      const u = mirrorX ? outWidth - 1 - x : x;
      const from = (transpose ? u * width + v : v * width + u) * 3;
      out[to] = pixels[from] ?? 0;
      out[to + 1] = pixels[from + 1] ?? 0;
      out[to + 2] = pixels[from + 2] ?? 0;
      to += 3;
    }
  }
  return out;
}
