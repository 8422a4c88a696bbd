import { DomainError } from '@gpt4video/ports/errors';
import { protobufFields } from './protobuf-reader.js';
import type { ProtobufField } from './protobuf-reader.js';
import type { PieceKind, SentencePieceVocabulary } from './sentencepiece-tokenizer.js';

/** `ModelProto.SentencePiece.Type`. */
const KINDS: Readonly<Record<number, PieceKind>> = { 1: 'normal', 2: 'unknown', 3: 'control', 4: 'user-defined', 5: 'unused', 6: 'byte' };
// A piece may be the byte order mark itself.
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });
const BPE = 2;
const PIECES = 1;
const TRAINER = 2;
const NORMALIZER = 3;
const FIXED32_BYTES = 4;

/**
 * Reads tokenizer.model (sentencepiece_model.proto). Throws `artifact_corrupt` naming the file for another kind than byte pairs, or for
 * texts that are rewritten before they are split: LLaMA's are not.
 */
export function readSentencePieceModel(bytes: Uint8Array, file: string): SentencePieceVocabulary {
  const pieces: SentencePieceVocabulary['pieces'][number][] = [];
  let prefixSpace = true;
  let [kind, rewrites, squeezes] = [1, false, true];
  for (const { field, value } of protobufFields(bytes, file)) {
    if (typeof value === 'bigint') continue;
    const inner = [...protobufFields(value, file)];
    if (field === PIECES) pieces.push(pieceOf(inner));
    if (field === TRAINER) kind = numberOf(inner, 3, 1);
    if (field === NORMALIZER) {
      rewrites = (bytesOf(inner, 2)?.length ?? 0) > 0;
      prefixSpace = numberOf(inner, 3, 1) === 1;
      squeezes = numberOf(inner, 4, 1) === 1;
    }
  }
  if (pieces.length === 0) throw unsupported(file, 'pieces: expected at least one, found none');
  if (kind !== BPE) throw unsupported(file, `trainer_spec.model_type: expected BPE (2), found ${kind}`);
  if (rewrites) throw unsupported(file, 'normalizer_spec: expected identity, found a table of replacements');
  if (squeezes) throw unsupported(file, 'normalizer_spec.remove_extra_whitespaces: expected false, found true');
  return { pieces, prefixSpace };
}

function pieceOf(fields: readonly ProtobufField[]): SentencePieceVocabulary['pieces'][number] {
  const score = bytesOf(fields, 2);
  return {
    text: DECODER.decode(bytesOf(fields, 1)),
    score: score?.length === FIXED32_BYTES ? new DataView(score.buffer, score.byteOffset).getFloat32(0, true) : 0,
    kind: KINDS[numberOf(fields, 3, 1)] ?? 'normal',
  };
}

function numberOf(fields: readonly ProtobufField[], wanted: number, absent: number): number {
  const value = fields.find(({ field }) => field === wanted)?.value;
  return typeof value === 'bigint' ? Number(value) : absent;
}

function bytesOf(fields: readonly ProtobufField[], wanted: number): Uint8Array | undefined {
  const value = fields.find(({ field }) => field === wanted)?.value;
  return typeof value === 'bigint' ? undefined : value;
}

function unsupported(file: string, fault: string): DomainError {
  return new DomainError('artifact_corrupt', `${file}, ${fault}. Give the model a tokenizer of LLaMA's kind, or a tokenizer.json.`);
}
