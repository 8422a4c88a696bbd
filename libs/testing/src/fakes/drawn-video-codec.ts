import { DomainError } from '@gpt4video/ports/errors';
import { type DecodedVideo, type DecodeLimits, type DecodeRequest, type EncodeRequest, VideoCodec, type VideoFacts } from '@gpt4video/ports/video-codec';

/** A codec without files: a path names one of the given videos, whose frames are one grey that is their index. */
export class DrawnVideoCodec extends VideoCodec {
  /** How often a video was decoded. */
  decodes = 0;
  /** What was encoded, in order. */
  readonly encoded: EncodeRequest[] = [];

  /** `videoAt` says what lies at a path; undefined stands for a file that is not a video. */
  constructor(private readonly videoAt: (path: string) => VideoFacts | undefined) {
    super();
  }

  override async probe(path: string, limits: DecodeLimits, signal: AbortSignal): Promise<VideoFacts> {
    await Promise.resolve();
    if (signal.aborted) throw new DomainError('cancelled', 'Work on the video was cancelled.');
    const facts = this.videoAt(path);
    if (facts === undefined || facts.frameCount === 0) throw new DomainError('invalid_video', 'The file is not a video; upload another.');
    if (facts.durationMs > limits.maxDurationMs || facts.frameCount > limits.maxFrames) throw new DomainError('video_too_long', 'The video is too long; send a part of it.');
    if (facts.width * facts.height > limits.maxPixels) throw new DomainError('video_too_large', 'The video has too many pixels; scale it down.');
    return facts;
  }

  override async decode(path: string, { choosers, limits, maxSide }: DecodeRequest, signal: AbortSignal): Promise<DecodedVideo> {
    const facts = await this.probe(path, limits, signal);
    this.decodes += 1;
    const scale = Math.min(1, maxSide / Math.max(facts.width, facts.height));
    const [width, height] = [Math.max(1, Math.round(facts.width * scale)), Math.max(1, Math.round(facts.height * scale))];
    const frame = (index: number) => {
      if (!Number.isInteger(index) || index < 0 || index >= facts.frameCount) throw new DomainError('internal', `A chooser wants frame ${index} of ${facts.frameCount}.`);
      return { pixels: new Uint8Array(width * height * 3).fill(index % 256), width, height, timestampMs: Math.round((index * 1000) / facts.frameRate), index };
    };
    return { facts, selections: choosers.map((choose) => choose(facts.frameCount).map(frame)) };
  }

  override async encodeMp4(request: EncodeRequest, signal: AbortSignal): Promise<Uint8Array> {
    await Promise.resolve();
    if (signal.aborted) throw new DomainError('cancelled', 'Work on the video was cancelled.');
    if (request.pixels.byteLength !== request.frames * request.width * request.height * 3) throw new DomainError('internal', 'The pixels do not fill the film.');
    this.encoded.push(request);
    return Uint8Array.of(0, 0, 0, 8, 0x66, 0x74, 0x79, 0x70, request.pixels[0] ?? 0);
  }
}
