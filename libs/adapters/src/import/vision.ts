import { basename, join } from 'node:path';
import { readPreprocessorConfig } from '@gpt4video/model/assembly/preprocessor-config';
import { readVisionConfig } from '@gpt4video/model/assembly/clip-config';
import { buildClipVisionGraph, visionTokens } from '@gpt4video/model/assembly/clip-vision-graph';
import { writeBundleGraph } from './bundle-file.js';
import { openTensorFiles } from './open-tensor-files.js';
import { chosenPrecision } from './precision.js';
import type { ImportSettings, SlotFragment } from './slot-importer.js';
import { readSourceText } from './source-text.js';

const GRAPH = 'vision.onnx';
const WEIGHTS = 'vision.onnx.data';

/**
 * The image tower from a folder as model hubs lay it out: config.json of CLIPModel, CLIPVisionModel or mPLUG-Owl, its weights as
 * safetensors, preprocessor_config.json. Precision `float32` (default) or `float16`: how weights are kept, computing is in float32.
 */
export async function importVision(source: string, into: string, log: (line: string) => void, settings: ImportSettings = {}): Promise<SlotFragment> {
  const precision = chosenPrecision(settings.precision);
  const file = join(source, 'config.json');
  const config = readVisionConfig(await readSourceText(file), file);
  const preprocessor = join(source, 'preprocessor_config.json');
  const preprocess = readPreprocessorConfig(await readSourceText(preprocessor), preprocessor, config);
  const opened = await openTensorFiles(source);
  try {
    log(`writing ${config.layers} layers of width ${config.width} as ${precision}`);
    const made = buildClipVisionGraph({ config, tensors: opened.tensors, precision, weightsFile: WEIGHTS });
    const graph = await writeBundleGraph(into, GRAPH, WEIGHTS, made);
    const name = basename(source);
    const slot = { file: graph, origin: { source: name, precision }, size: config.imageSize, tokens: visionTokens(config), width: config.width, preprocess };
    return { manifest: { vision: slot }, licences: [{ part: 'vision', licence: 'not stated', source: name }] };
  } finally {
    opened.close();
  }
}
