// The vision tower in batches of four frames.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { race } from './graph-race.mjs';

const bundle = fileURLToPath(new URL('../../models/cartoon', import.meta.url));
const { vision } = JSON.parse(readFileSync(join(bundle, 'bundle.json'), 'utf8'));
const BATCHES = 8;
const inputs = { pixels: { shape: [4, 3, vision.size, vision.size], type: 'float32' } };
await race({
  title: 'Vision tower',
  what: `${4 * BATCHES} frames in batches of 4`,
  graphs: [{ path: join(bundle, vision.file.path), times: BATCHES, inputs }],
  threads: 1,
  rivals: ['Python onnxruntime', 'transformers.js', 'eager PyTorch'],
  notes: ['transformers.js loads the same graph as a CLIP vision model from a local folder; it runs on the thread that asks, ours in a worker thread, so that a server can answer meanwhile.'],
});
