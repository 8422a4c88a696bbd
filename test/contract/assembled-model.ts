import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { modelCacheFolder, sourcePath } from '@gpt4video/adapters/bundle/model-cache';
import { OnnxLanguageModel } from '@gpt4video/adapters/onnx/onnx-language-model';
import { assembleLanguage, LANGUAGE_FILES } from '@gpt4video/model/assembly/assemble-language';
import { GgufCheckpoint } from '@gpt4video/model/assembly/gguf-checkpoint';
import { ggufTokenizer } from '@gpt4video/model/assembly/gguf-tokenizer';
import { byteSourceOf } from '@gpt4video/model/tensor/byte-source';
import { encodeSafetensors } from '@gpt4video/model/tensor/safetensors';

/** A language model assembled for one test file, and the text of its tokenizer. */
export interface AssembledModel {
  readonly model: OnnxLanguageModel;
  readonly tokenizer: string;
  remove(): Promise<void>;
}

/** Assembles the published base model, with an adapter when given, and opens it. Throws when the base model was never pulled. */
export async function assembleModel(sha256: string, adapter?: Uint8Array): Promise<AssembledModel> {
  const path = sourcePath(modelCacheFolder({ HOME: homedir(), ...process.env }), { sha256 });
  const bytes = await readFile(path).catch(() => {
    throw new Error(`The base model ${path} is not there; run: npm run setup`);
  });
  const checkpoint = GgufCheckpoint.read(byteSourceOf('base model', bytes));
  const made = assembleLanguage(checkpoint, { adapter });
  const folder = await mkdtemp(join(tmpdir(), 'gpt4video-language-'));
  const files = { graph: join(folder, LANGUAGE_FILES.graph), embeddings: join(folder, LANGUAGE_FILES.embeddings) };
  await writeFile(files.graph, made.graph);
  await writeFile(join(folder, LANGUAGE_FILES.weights), made.weights);
  await writeFile(files.embeddings, made.embeddings);
  const model = await OnnxLanguageModel.open({ ...files, contextTokens: checkpoint.config.contextTokens, threads: 2 });
  const remove = async (): Promise<void> => {
    await model.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { model, tokenizer: ggufTokenizer(checkpoint.file).text, remove };
}

/** size · sin(start + 0.7 k), as training/golden/language.py. */
export function wave(count: number, start: number, size: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => size * Math.sin(start + 0.7 * index));
}

/** The adapter of waves that training/golden/language.py merges into its model. */
export function waveAdapter(): Uint8Array {
  const tensors: Record<string, { shape: number[]; data: Float32Array }> = {};
  for (let layer = 0; layer < 30; layer += 1) {
    for (const [name, rows, start] of [['q_proj', 576, 4 * layer + 1], ['v_proj', 192, 4 * layer + 3]] as const) {
      tensors[`layers.${layer}.${name}.lora_A`] = { shape: [16, 576], data: wave(16 * 576, start, 0.2) };
      tensors[`layers.${layer}.${name}.lora_B`] = { shape: [rows, 16], data: wave(rows * 16, start + 1, 0.2) };
    }
  }
  return encodeSafetensors(tensors);
}
