import { Injectable } from '@nestjs/common';
import { uniformChooser } from '@gpt4video/model/frames/choosers';
import { MARK_CEILING, MARK_THRESHOLD, scoreMark } from '@gpt4video/model/watermark/find-mark';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { DomainError } from '@gpt4video/ports/errors';
import { ObjectStore } from '@gpt4video/ports/object-store';
import { type ManifestReading, ProvenanceReader } from '@gpt4video/ports/provenance';
import { type DecodedFrame, VideoCodec } from '@gpt4video/ports/video-codec';
import { FrameSettings } from './frame-settings.js';
import { KnownMarks } from './known-marks.js';

/** What a video carries of our making. */
export interface VideoInspection {
  readonly manifest: ManifestReading;
  /** Deviations above chance: highest score of the known marks, the score that counts, and the highest there is. */
  readonly watermark: { readonly score: number; readonly threshold: number; readonly ceiling: number };
}

// The mark is the same in every frame; what moves averages out.
const FRAMES = 48;
// The mark is measured on 64 × 64 cells.
const MAX_SIDE = 256;

/** Looks for what films of ours carry: the signed manifest in the file, and the watermark in the pictures. */
@Injectable()
export class InspectVideoService {
  constructor(
    private readonly store: ObjectStore,
    private readonly codec: VideoCodec,
    private readonly provenance: ProvenanceReader,
    private readonly marks: KnownMarks,
    private readonly settings: FrameSettings,
  ) {}

  /** Throws what `VideoCodec.decode` throws, `artifact_missing` when the video is gone, `cancelled`. */
  async inspect(video: AssetRef, signal: AbortSignal): Promise<VideoInspection> {
    const file = await this.store.localFile(video);
    try {
      const decoded = await this.codec.decode(file.path, { choosers: [uniformChooser(FRAMES)], limits: this.settings.limits, maxSide: MAX_SIDE }, signal);
      const film = filmOf(decoded.selections[0] ?? []);
      const score = Math.max(...this.marks.keys.map((key) => scoreMark(film, key)));
      return { manifest: await this.provenance.read(file.path, signal), watermark: { score, threshold: MARK_THRESHOLD, ceiling: MARK_CEILING } };
    } finally {
      await file.release();
    }
  }
}

function filmOf(chosen: readonly DecodedFrame[]) {
  const [first] = chosen;
  if (first === undefined) throw new DomainError('invalid_video', 'The video holds no frame that can be shown; export it again as MP4 (H.264) and send that.');
  const { width, height } = first;
  // A video may change its size on the way; what is not of the first size says nothing more.
  const frames = chosen.filter((frame) => frame.width === width && frame.height === height);
  const pixels = new Uint8Array(frames.length * width * height * 3);
  frames.forEach((frame, index) => pixels.set(frame.pixels, index * width * height * 3));
  return { pixels, frames: frames.length, width, height };
}
