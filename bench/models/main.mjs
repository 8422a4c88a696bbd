// `npm run bench:models [-- name …]`: the models against other runtimes on the same weights, into bench/results and docs/benchmarks-models.md.
// The other runtimes are installed when first needed, into the user's cache folder (gpt4video/bench); the product does not depend on them.
// PyTorch comes with what training/ needs, several gigabytes; BENCH_TORCH_PYTHON names a Python that has it already (`make -C training install`).
import { fileURLToPath } from 'node:url';
import { report } from '../report.mjs';

await report({
  all: ['language', 'vision', 'film'],
  folder: fileURLToPath(new URL('.', import.meta.url)),
  page: fileURLToPath(new URL('../../docs/benchmarks-models.md', import.meta.url)),
  heading: 'Models against other runtimes',
  command: 'npm run bench:models',
  prefix: 'models-',
});
