import { BYTE_OF_CHARACTER } from './byte-alphabet.js';

/** How the text of a vocabulary's token stands for bytes. */
export type TokenBytes = (token: string) => Uint8Array;

/** The decoders of tokenizer.json that say how. */
interface Decoder {
  readonly type?: string;
  readonly decoders?: readonly Decoder[];
}

const BYTE_TOKEN = /^<0x([0-9A-F]{2})>$/;
const UNKNOWN = 0x3f;
const encoder = new TextEncoder();

/**
 * By the `decoder` of a tokenizer.json: GPT-2's stand-ins for bytes; SentencePiece's `▁` for a space and `<0x0A>` for a byte; else the
 * token's own letters.
 */
export function tokenBytes(decoder: Decoder | null | undefined): TokenBytes {
  const kinds = [decoder, ...(decoder?.decoders ?? [])].map((each) => each?.type);
  if (kinds.includes('ByteLevel')) return (token) => Uint8Array.from([...token], (character) => BYTE_OF_CHARACTER.get(character) ?? UNKNOWN);
  if (kinds.includes('ByteFallback') || kinds.includes('Metaspace')) return pieceBytes;
  return (token) => encoder.encode(token);
}

function pieceBytes(token: string): Uint8Array {
  const [, byte] = BYTE_TOKEN.exec(token) ?? [];
  return byte === undefined ? encoder.encode(token.replaceAll('▁', ' ')) : Uint8Array.of(Number.parseInt(byte, 16));
}
