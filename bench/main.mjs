// `npm run bench [-- name …]`: the system's own measurements, into bench/results and docs/benchmarks.md.
import { fileURLToPath } from 'node:url';
import { report } from './report.mjs';

await report({
  all: ['frame-sampling', 'encode', 'conversation'],
  folder: fileURLToPath(new URL('.', import.meta.url)),
  page: fileURLToPath(new URL('../docs/benchmarks.md', import.meta.url)),
  heading: 'Benchmarks',
  command: 'npm run bench',
});
