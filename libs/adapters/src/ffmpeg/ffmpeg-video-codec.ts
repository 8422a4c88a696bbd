import { DomainError } from '@gpt4video/ports/errors';
import { type DecodedFrame, type DecodedVideo, type DecodeLimits, type DecodeRequest, type EncodeRequest, VideoCodec, type VideoFacts } from '@gpt4video/ports/video-codec';
import { ChildPool } from './child-pool.js';
import type { CodecChild } from './codec-child.js';
import type { CodecReply } from './process/messages.js';

/** Bounds of the codec. */
export interface FfmpegVideoCodecOptions {
  /** Videos worked on at once, each in a process of its own. */
  readonly processes?: number;
  /** Milliseconds one encoding may take. */
  readonly maxEncodeMs?: number;
  /** Bytes of compressed video kept between counting and decoding; a longer stream is read twice. */
  readonly keptBytes?: number;
}

/** Grace for the process to say itself that its time is over. */
const GRACE_MS = 1000;

/**
 * FFmpeg's libraries in processes of their own: a file that crashes or hangs native code ends one of them and nothing else,
 * and cancelling is ending it. Warm processes are kept.
 */
export class FfmpegVideoCodec extends VideoCodec {
  private readonly pool: ChildPool;
  private readonly maxEncodeMs: number;
  private readonly keptBytes: number;

  constructor({ processes = 2, maxEncodeMs = 120_000, keptBytes = 64 * 1024 * 1024 }: FfmpegVideoCodecOptions = {}) {
    super();
    this.pool = new ChildPool(processes);
    this.maxEncodeMs = maxEncodeMs;
    this.keptBytes = keptBytes;
  }

  /** Starts a process ahead of the first video. */
  warm(): void {
    this.pool.warm();
  }

  /** Ends idle processes; those at work end with their work or their signal. */
  close(): void {
    this.pool.close();
  }

  override probe(path: string, limits: DecodeLimits, signal: AbortSignal): Promise<VideoFacts> {
    return this.withVideo(path, limits, signal, (_child, facts) => Promise.resolve(facts));
  }

  override decode(path: string, { choosers, limits, maxSide }: DecodeRequest, signal: AbortSignal): Promise<DecodedVideo> {
    return this.withVideo(path, limits, signal, async (child, facts) => {
      const chosen = choosers.map((choose) => choose(facts.frameCount));
      const indexes = [...new Set(chosen.flat())].sort((one, other) => one - other);
      const wrong = indexes.find((index) => !Number.isInteger(index) || index < 0 || index >= facts.frameCount);
      if (wrong !== undefined) throw new DomainError('internal', `A chooser wants frame ${wrong} of a video of ${facts.frameCount} frames.`);
      const frames = new Map<number, DecodedFrame>();
      const ending = indexes.length === 0 ? undefined : await child.ask({ kind: 'frames', indexes, maxSide }, ({ wanted, index, pixels, width, height, timestampMs }) => frames.set(wanted, { pixels, width, height, timestampMs, index }));
      if (ending !== undefined) expectKind(ending, 'done');
      return { facts, selections: chosen.map((selection) => selection.map((index) => pick(frames, index))) };
    });
  }

  override encodeMp4(request: EncodeRequest, signal: AbortSignal): Promise<Uint8Array> {
    const { frames, width, height, fps, pixels } = request;
    if (![frames, width, height, fps].every((value) => Number.isInteger(value) && value > 0) || pixels.byteLength !== frames * width * height * 3) {
      return Promise.reject(new DomainError('internal', `A film of ${frames} frames of ${width}×${height} at ${fps} fps does not fit ${pixels.byteLength} bytes of RGB.`));
    }
    return this.pool.run(async (child) => expectKind(await child.ask({ kind: 'encode', request }), 'encoded').bytes, signal, this.maxEncodeMs);
  }

  private withVideo<T>(path: string, limits: DecodeLimits, signal: AbortSignal, work: (child: CodecChild, facts: VideoFacts) => Promise<T>): Promise<T> {
    return this.pool.run(
      async (child) => {
        try {
          const { facts } = expectKind(await child.ask({ kind: 'open', path, limits, keptBytes: this.keptBytes }), 'facts');
          return await work(child, facts);
        } finally {
          if (child.alive) await child.ask({ kind: 'close' });
        }
      },
      signal,
      limits.maxWorkMs + GRACE_MS,
    );
  }
}

function pick(frames: ReadonlyMap<number, DecodedFrame>, index: number): DecodedFrame {
  const frame = frames.get(index);
  if (frame === undefined) throw new DomainError('internal', `Frame ${index} was not decoded.`);
  return frame;
}

function expectKind<K extends CodecReply['kind']>(reply: CodecReply, kind: K): Extract<CodecReply, { kind: K }> {
  if (reply.kind !== kind) {
    throw new DomainError('internal', 'The video could not be worked on; try again.', { cause: reply.kind === 'failed' ? reply.message : reply.kind });
  }
  return reply as Extract<CodecReply, { kind: K }>;
}
