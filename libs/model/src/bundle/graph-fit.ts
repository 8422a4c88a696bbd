import { DomainError } from '@gpt4video/ports/errors';
import type { BundleManifest } from './bundle-schema.js';

/** Graphs whose shapes the manifest fixes. */
export type CheckedGraph = 'vision' | 'abstractor' | 'language' | 'textEncoder' | 'denoiser' | 'decoder';

/** Shapes of a graph's inputs and outputs by name; a string is an axis of any length. */
export interface GraphShapes {
  readonly file: string;
  readonly inputs: Readonly<Record<string, readonly (number | string)[]>>;
  readonly outputs: Readonly<Record<string, readonly (number | string)[]>>;
}

interface Rule {
  readonly graph: CheckedGraph;
  readonly side: 'inputs' | 'outputs';
  readonly value: string;
  readonly shape: readonly (number | string)[];
  /** What the shape follows from. */
  readonly because: string;
}

/**
 * Checks that each graph takes and gives what the manifest and its neighbour say: vision → abstractor → language, text encoder →
 * denoiser → decoder. A graph that is not given is not checked. Throws `model_unavailable` naming file, tensor, expected and found.
 */
export function checkGraphFit(manifest: BundleManifest, graphs: Partial<Record<CheckedGraph, GraphShapes>>): void {
  for (const { graph, side, value, shape, because } of rulesOf(manifest)) {
    const found = graphs[graph];
    if (found === undefined) continue;
    const actual = found[side][value];
    const fits = actual !== undefined && actual.length === shape.length && actual.every((length, axis) => typeof length === 'string' || typeof shape[axis] === 'string' || length === shape[axis]);
    if (fits) continue;
    const has = actual === undefined ? `only ${Object.keys(found[side]).join(', ') || 'nothing'}` : text(actual);
    throw new DomainError('model_unavailable', `${found.file}, ${side === 'inputs' ? 'input' : 'output'} ${value}: expected ${text(shape)} because ${because}, found ${has}. Choose parts that were made for each other.`);
  }
}

function rulesOf({ vision, abstractor, textEncoder, film }: BundleManifest): readonly Rule[] {
  const features = `the vision slot gives ${vision.tokens} features of width ${vision.width} a frame, and the abstractor slot reads ${abstractor.frames} frames`;
  const text = `the text encoder slot gives ${textEncoder.maxTokens} tokens of width ${textEncoder.width}`;
  const [channels, frames, height, width] = film.latents;
  const latents = `the film slot's latents are [${film.latents.join(', ')}]`;
  return [
    { graph: 'vision', side: 'inputs', value: 'pixels', shape: ['N', 3, vision.size, vision.size], because: `the vision slot's size is ${vision.size}` },
    { graph: 'vision', side: 'outputs', value: 'features', shape: ['N', vision.tokens, vision.width], because: 'the vision slot says so' },
    { graph: 'abstractor', side: 'inputs', value: 'features', shape: ['B', abstractor.frames, vision.tokens, vision.width], because: features },
    { graph: 'abstractor', side: 'outputs', value: 'tokens', shape: ['B', abstractor.tokens, abstractor.width], because: 'the abstractor slot says so' },
    { graph: 'language', side: 'inputs', value: 'inputs_embeds', shape: ['B', 'sequence', abstractor.width], because: `the abstractor slot gives visual tokens of width ${abstractor.width}` },
    { graph: 'textEncoder', side: 'outputs', value: 'hidden', shape: ['N', textEncoder.maxTokens, textEncoder.width], because: 'the text encoder slot says so' },
    { graph: 'denoiser', side: 'inputs', value: 'latents', shape: ['B', ...film.latents], because: latents },
    { graph: 'denoiser', side: 'inputs', value: 'text', shape: ['B', textEncoder.maxTokens, textEncoder.width], because: text },
    { graph: 'decoder', side: 'inputs', value: 'latents', shape: ['B', channels, film.decodeFrames ?? frames, height, width], because: latents },
  ];
}

function text(shape: readonly (number | string)[]): string {
  return `[${shape.join(', ')}]`;
}
