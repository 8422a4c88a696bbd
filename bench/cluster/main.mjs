// `npm run bench:cluster [-- name …]`: what real servers and separate processes cost, and what they bear, into bench/results and docs/benchmarks-cluster.md.
import { fileURLToPath } from 'node:url';
import { report } from '../report.mjs';

await report({
  all: ['turns', 'push-chain'],
  folder: fileURLToPath(new URL('.', import.meta.url)),
  page: fileURLToPath(new URL('../../docs/benchmarks-cluster.md', import.meta.url)),
  heading: 'The cluster on one machine',
  command: 'npm run bench:cluster',
  prefix: 'cluster-',
});
