/** Facts about a video after rotation, from container and decoder. */
export interface VideoFacts {
  readonly container: string;
  readonly codec: string;
  readonly width: number;
  readonly height: number;
  readonly durationMs: number;
  readonly frameCount: number;
  readonly frameRate: number;
}

/** Bounds that keep a hostile file cheap. */
export interface DecodeLimits {
  readonly maxDurationMs: number;
  /** Most pixels of a frame. */
  readonly maxPixels: number;
  readonly maxStreams: number;
  /** Most frames decoded in all. */
  readonly maxFrames: number;
  /** Milliseconds of work after which decoding is given up. */
  readonly maxWorkMs: number;
}

/** A decoded, rotated picture. */
export interface DecodedFrame {
  /** `[height, width, 3]` RGB bytes. */
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Milliseconds from the first frame of the video. */
  readonly timestampMs: number;
  /** Position in the video, from 0; estimated where frames were skipped by seeking. */
  readonly index: number;
}

/** Which frames of the video to decode, given how many there are; ascending, repeats allowed. */
export type FrameChooser = (frameCount: number) => readonly number[];

/** The chosen frames and facts of one video. */
export interface DecodedVideo {
  readonly facts: VideoFacts;
  /** One list a chooser, in the choosers' order. */
  readonly selections: readonly (readonly DecodedFrame[])[];
}

/** A video to encode. */
export interface EncodeRequest {
  /** `[frames, height, width, 3]` RGB bytes. */
  readonly pixels: Uint8Array;
  readonly frames: number;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** Container tags, such as `comment`. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** Video files in and out. */
export abstract class VideoCodec {
  /** Reads the facts without decoding everything. Throws as `decode`. */
  abstract probe(path: string, limits: DecodeLimits, signal: AbortSignal): Promise<VideoFacts>;

  /**
   * Decodes once and returns the frames that each chooser wants, rotated upright, as 8-bit RGB.
   * Throws `invalid_video` (not a video, no frame decodes, damaged), `unsupported_media`, `video_too_long`, `video_too_large`,
   * `cancelled`; messages never hold a path.
   */
  abstract decode(path: string, request: DecodeRequest, signal: AbortSignal): Promise<DecodedVideo>;

  /** Encodes H.264 MP4 with faststart. */
  abstract encodeMp4(request: EncodeRequest, signal: AbortSignal): Promise<Uint8Array>;
}

/** What to decode and within which bounds. */
export interface DecodeRequest {
  readonly choosers: readonly FrameChooser[];
  readonly limits: DecodeLimits;
  /** Frames are scaled down so that the longer side is at most this many pixels. */
  readonly maxSide: number;
}
