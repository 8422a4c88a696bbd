const LUMA = [0.2126, 0.7152, 0.0722];
const WINDOW = 8;
// Constants of Wang et al. (2004) for bytes.
const [C1, C2] = [(0.01 * 255) ** 2, (0.03 * 255) ** 2];

/** Peak signal-to-noise ratio of two films in decibels, over all bytes. */
export function psnr(one, other) {
  let squares = 0;
  for (let at = 0; at < one.length; at += 1) squares += (one[at] - other[at]) ** 2;
  return 10 * Math.log10(255 ** 2 / (squares / one.length));
}

/** Structural similarity of two films' light, averaged over 8 × 8 windows and frames. */
export function ssim(one, other, { frames, width, height }) {
  let sum = 0;
  let windows = 0;
  for (let frame = 0; frame < frames; frame += 1) {
    for (let top = 0; top + WINDOW <= height; top += WINDOW) {
      for (let left = 0; left + WINDOW <= width; left += WINDOW) {
        const place = { width, at: frame * width * height + top * width + left };
        sum += similarity(lightOf(one, place), lightOf(other, place));
        windows += 1;
      }
    }
  }
  return sum / windows;
}

function lightOf(pixels, { width, at }) {
  return Array.from({ length: WINDOW ** 2 }, (_, index) => {
    const pixel = (at + Math.floor(index / WINDOW) * width + (index % WINDOW)) * 3;
    return LUMA.reduce((light, share, channel) => light + share * pixels[pixel + channel], 0);
  });
}

function similarity(a, b) {
  const mean = (values) => values.reduce((total, value) => total + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  const covariance = (x, meanX, y, meanY) => mean(x.map((value, index) => (value - meanX) * (y[index] - meanY)));
  const [varianceA, varianceB] = [covariance(a, meanA, a, meanA), covariance(b, meanB, b, meanB)];
  return ((2 * meanA * meanB + C1) * (2 * covariance(a, meanA, b, meanB) + C2)) / ((meanA ** 2 + meanB ** 2 + C1) * (varianceA + varianceB + C2));
}
