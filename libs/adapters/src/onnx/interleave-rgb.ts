/** `[frames, 3, area]` in 0..1 → `[frames, area, 3]` bytes, rounded and clamped. */
export function interleaveRgb(planes: Float32Array, area: number): Uint8Array<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(planes.length);
  for (let frame = 0; frame < planes.length; frame += 3 * area) {
    for (let position = 0; position < area; position += 1) {
      for (let channel = 0; channel < 3; channel += 1) {
        pixels[frame + 3 * position + channel] = (planes[frame + channel * area + position] ?? 0) * 255;
      }
    }
  }
  return new Uint8Array(pixels.buffer);
}
