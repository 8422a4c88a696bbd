import type { DecodeLimits, EncodeRequest, VideoFacts } from '@gpt4video/ports/video-codec';

/** What the codec asks of its process, one at a time: `open`, then `frames` of what is open, or `encode`. */
export type CodecCommand =
  | { readonly kind: 'open'; readonly path: string; readonly limits: DecodeLimits; /** Bytes of packets kept in memory between counting and decoding. */ readonly keptBytes: number }
  | { readonly kind: 'frames'; /** Ascending, no repeats. */ readonly indexes: readonly number[]; readonly maxSide: number }
  | { readonly kind: 'encode'; readonly request: EncodeRequest }
  | { readonly kind: 'close' };

/** A frame that was asked for as `wanted`; `index` is what was decoded in its place. */
export interface FrameReply {
  readonly kind: 'frame';
  readonly wanted: number;
  readonly index: number;
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly timestampMs: number;
}

/** What the process answers; every command ends in one that is not a `frame`. */
export type CodecReply =
  | FrameReply
  | { readonly kind: 'facts'; readonly facts: VideoFacts }
  | { readonly kind: 'encoded'; readonly bytes: Uint8Array }
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string };

/** Why a file is not decoded. */
export type RefusalCode = 'invalid_video' | 'unsupported_media' | 'video_too_long' | 'video_too_large';

/** Thrown within the process; crosses as `refused`. The message is for the person who sent the file and never holds a path. */
export class Refusal extends Error {
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.code = code;
  }
}
