import { join } from 'node:path';
import { readTextConfig } from '@gpt4video/model/assembly/clip-config';
import { buildClipTextGraph } from '@gpt4video/model/assembly/clip-text-graph';
import type { BundleGraph } from '@gpt4video/model/bundle/bundle-schema';
import type { WeightPrecision } from '@gpt4video/model/tensor/encoded-pieces';
import { writeBundleGraph } from './bundle-file.js';
import { openTensorFiles } from './open-tensor-files.js';
import { readSourceText } from './source-text.js';

/** How the tower is kept, and who hears of it. */
export interface TextEncoderOptions {
  readonly precision: WeightPrecision;
  /** Layers at the end that are left out before the final norm. 0 when absent. */
  readonly skippedLayers?: number;
  readonly log: (line: string) => void;
}

/** What the manifest's `textEncoder` says, all but its tokenizer. */
export interface WrittenTextEncoder {
  readonly file: BundleGraph;
  readonly maxTokens: number;
  readonly width: number;
}

const GRAPH = 'text-encoder.onnx';
const WEIGHTS = 'text-encoder.onnx.data';

/**
 * Writes CLIP's text tower into the folder `into`, from a folder with config.json of CLIPTextModel or CLIPModel and safetensors:
 * `text_encoder/` of a diffusers folder, or a CLIP folder. Throws `invalid_request` or `artifact_corrupt` naming file, tensor, expected and found.
 */
export async function writeTextEncoder(source: string, into: string, { precision, skippedLayers = 0, log }: TextEncoderOptions): Promise<WrittenTextEncoder> {
  const file = join(source, 'config.json');
  const config = readTextConfig(await readSourceText(file), file);
  const opened = await openTensorFiles(source);
  try {
    log(`writing a text tower of ${config.layers - skippedLayers} layers and width ${config.width} as ${precision}`);
    const made = buildClipTextGraph({ config, tensors: opened.tensors, precision, weightsFile: WEIGHTS, skippedLayers });
    return { file: await writeBundleGraph(into, GRAPH, WEIGHTS, made), maxTokens: config.maxTokens, width: config.width };
  } finally {
    opened.close();
  }
}
