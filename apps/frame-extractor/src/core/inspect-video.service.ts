import { Injectable } from '@nestjs/common';
import { MARK_CEILING, MARK_THRESHOLD, scoreMark } from '@gpt4video/model/watermark/find-mark';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { ObjectStore } from '@gpt4video/ports/object-store';
import { type ManifestReading, ProvenanceReader } from '@gpt4video/ports/provenance';
import { VideoCodec } from '@gpt4video/ports/video-codec';
import { filmToScore, SCORED } from './film-to-score.js';
import { FrameSettings } from './frame-settings.js';
import { KnownMarks } from './known-marks.js';

/** What a video carries of our making. */
export interface VideoInspection {
  readonly manifest: ManifestReading;
  /** Deviations above chance: highest score of the known marks, the score that counts, and the highest there is. */
  readonly watermark: { readonly score: number; readonly threshold: number; readonly ceiling: number };
}

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
      const decoded = await this.codec.decode(file.path, { ...SCORED, limits: this.settings.limits }, signal);
      const film = filmToScore(decoded.selections[0]);
      const score = Math.max(...this.marks.keys.map((key) => scoreMark(film, key)));
      return { manifest: await this.provenance.read(file.path, signal), watermark: { score, threshold: MARK_THRESHOLD, ceiling: MARK_CEILING } };
    } finally {
      await file.release();
    }
  }
}
