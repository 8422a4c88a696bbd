// `npm run bench:api [-- name …]`: what the public API adds, beside what one would put there instead, into bench/results and docs/benchmarks-api.md.
import { fileURLToPath } from 'node:url';
import { report } from '../report.mjs';

await report({
  all: ['streams', 'held', 'uploads'],
  folder: fileURLToPath(new URL('.', import.meta.url)),
  page: fileURLToPath(new URL('../../docs/benchmarks-api.md', import.meta.url)),
  heading: 'The API under load',
  command: 'npm run bench:api',
  prefix: 'api-',
});
