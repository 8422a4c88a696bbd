const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const least = (values) => values.reduce((low, value) => Math.min(low, value));
const whole = (value) => value.toLocaleString('en');

/** The page about the watermark, from what was measured. */
export function report({ threshold, ceiling, films, found, chance, likeness }) {
  const bound = Math.exp((-threshold * threshold) / 2);
  return `# The watermark

What \`npm run provenance:measure\` measured: ${whole(films)} films of the shipped bundle, each with another caption and seed, 128 × 128, 16 frames.

A film is marked in its pictures before it is screened and encoded: 228 slow waves of its mean light are moved to the nearest point of a lattice whose beginnings only the key knows (quantisation index modulation). It is found without the original, from any frames, at any size. The **score** is what is found beyond chance, in standard deviations: 0 by chance, ${ceiling.toFixed(1)} at most; from **${threshold}** on a video counts as marked.

## Found

| what was done to the film | films | score: mean | least | found |
| --- | --: | --: | --: | --: |
${found.map(({ name, count, mean: middle, least: low, found: hits }) => `| ${name} | ${whole(count)} | ${middle.toFixed(1)} | ${low.toFixed(1)} | **${((100 * hits) / count).toFixed(1)} %** |`).join('\n')}

## Found where it is not

For anything made without knowing the key the probability is at most exp(−t² / 2) = ${bound.toExponential(1)}, whatever it shows: the lattices' beginnings are independent and even, and the score is a bounded sum over them.

| what was looked at | looks | greatest score | false alarms |
| --- | --: | --: | --: |
${chance.map(({ name, count, greatest, found: hits }) => `| ${name} | ${whole(count)} | ${greatest.toFixed(1)} | **${whole(hits)}** |`).join('\n')}

## What it costs

| | mean | worst |
| --- | --: | --: |
| PSNR of the marked frames, dB | ${mean(likeness.psnr).toFixed(1)} | ${least(likeness.psnr).toFixed(1)} |
| SSIM of the marked frames | ${mean(likeness.ssim).toFixed(4)} | ${least(likeness.ssim).toFixed(4)} |
| milliseconds to mark a film | ${mean(likeness.markMs).toFixed(0)} | ${Math.max(...likeness.markMs).toFixed(0)} |

## What removes it

Cropping, turning, mirroring or stretching a part of the picture moves the waves; changing contrast or brightness strongly moves their amplitudes. Whoever wants to remove the mark can. It is there for copies that were passed on and re-encoded in good faith; the signed manifest ([provenance](../provenance.md)) covers the file itself.
`;
}
