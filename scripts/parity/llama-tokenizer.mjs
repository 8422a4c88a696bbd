// LLaMA's kind of SentencePiece, from a tokenizer.model: ids token for token, and back.
import { HfTokenizer } from '@gpt4video/adapters/tokenizer/hf-tokenizer';
import { ProtobufWriter } from '@gpt4video/model/assembly/protobuf-writer';
import { readSentencePieceModel } from '@gpt4video/model/assembly/sentencepiece-model';
import { sentencePieceTokenizer } from '@gpt4video/model/assembly/sentencepiece-tokenizer';
import { readCase } from './harness/fixture.mjs';
import { tokenizerRows } from './harness/tokenizer-rows.mjs';

export const title = 'LLaMA’s tokenizer (SentencePiece)';
const [UNUSED, BYTE] = [5, 6];

export function run({ geometry, log }) {
  const found = readCase('llama-tokenizer', geometry);
  const vocabulary = readSentencePieceModel(modelFile(found), 'tokenizer.model');
  const { text } = sentencePieceTokenizer('tokenizer.model', vocabulary);
  // A text is read as if a space stood before it, an empty one stays empty, and ▁ is a space.
  return tokenizerRows(HfTokenizer.parse(text), found, { written: (each) => (each === '' ? '' : ` ${each.replaceAll('▁', ' ')}`), log });
}

/** tokenizer.model as SentencePiece writes it (sentencepiece_model.proto); pieces that the fixture leaves out are unused. */
function modelFile({ size, pieces, firstByte }) {
  const all = Array.from({ length: size }, (_, id) => [`[left out ${id}]`, 0, UNUSED]);
  for (let byte = 0; byte < 256; byte += 1) all[firstByte + byte] = [`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`, 0, BYTE];
  for (const [id, ...piece] of pieces) all[id] = piece;
  const file = new ProtobufWriter();
  for (const [piece, score, type] of all) file.message(1, new ProtobufWriter().string(1, piece).float(2, score).int(3, type));
  file.message(2, new ProtobufWriter().int(3, 2));
  file.message(3, new ProtobufWriter().string(1, 'identity').int(3, 1).int(4, 0));
  return file.finish();
}
