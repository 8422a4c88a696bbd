import { join } from 'node:path';
import type { OnnxFiles } from '@gpt4video/model/assembly/onnx-graph';
import type { BundleFile, BundleGraph } from '@gpt4video/model/bundle/bundle-schema';
import { writePieces } from '../bundle/write-pieces.js';

/** Writes `folder/path` piece by piece and returns what the manifest says of it. */
export async function writeBundleFile(folder: string, path: string, pieces: Iterable<Uint8Array>): Promise<BundleFile> {
  return { path, ...(await writePieces(join(folder, path), pieces)) };
}

/** Writes a graph, and its weights beside it unless it has none; `weights` is the name that the graph gives that file. */
export async function writeBundleGraph(folder: string, path: string, weights: string, made: OnnxFiles): Promise<BundleGraph> {
  const data = await writeBundleFile(folder, weights, made.weights);
  const graph = await writeBundleFile(folder, path, [made.graph]);
  return { ...graph, data };
}
