import { basename, join } from 'node:path';
import { readAbstractorConfig } from '@gpt4video/model/assembly/abstractor-config';
import { buildAbstractorGraph } from '@gpt4video/model/assembly/abstractor-graph';
import { writeBundleGraph } from './bundle-file.js';
import { openTensorFiles } from './open-tensor-files.js';
import { chosenPrecision } from './precision.js';
import type { ImportSettings, SlotFragment } from './slot-importer.js';
import { readSourceText } from './source-text.js';

const GRAPH = 'abstractor.onnx';
const WEIGHTS = 'abstractor.onnx.data';

/**
 * The abstractor from a folder as model hubs lay out mPLUG-Owl's: config.json and safetensors, of which only the abstractor's tensors are
 * read. A checkpoint with `vit_eos` is wired as mPLUG-Owl's code (`joint`), one without as the paper writes (`paper`);
 * `abstractor.time_embedding` `[frames, width]`, where there is one, is added to the features of each frame.
 * Precision `float32` (default) or `float16`: how weights are kept, computing is in float32.
 */
export async function importAbstractor(source: string, into: string, log: (line: string) => void, settings: ImportSettings = {}): Promise<SlotFragment> {
  const precision = chosenPrecision(settings.precision);
  const file = join(source, 'config.json');
  const text = await readSourceText(file);
  const opened = await openTensorFiles(source);
  try {
    const config = readAbstractorConfig(text, file, opened.tensors);
    const { variant, layers, width, frames, timeEmbeddings, queries, languageWidth } = config;
    log(`writing a ${variant} abstractor of ${layers} layers and width ${width} as ${precision}`);
    const graph = await writeBundleGraph(into, GRAPH, WEIGHTS, buildAbstractorGraph({ config, tensors: opened.tensors, precision, weightsFile: WEIGHTS }));
    const name = basename(source);
    const tokens = variant === 'joint' ? queries + 1 : queries;
    const slot = { file: graph, origin: { source: name, precision }, variant, timeEmbeddings, frames, tokens, width: languageWidth };
    return { manifest: { abstractor: slot }, licences: [{ part: 'abstractor', licence: 'not stated', source: name }] };
  } finally {
    opened.close();
  }
}
