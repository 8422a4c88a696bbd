import { Injectable } from '@nestjs/common';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { ObjectStore } from '@gpt4video/ports/object-store';
import { SingleFlight } from '@gpt4video/ports/single-flight';
import { VideoCodec, type DecodedVideo } from '@gpt4video/ports/video-codec';
import { uniformChooser } from '@gpt4video/model/frames/choosers';
import { FrameLibrary } from './frame-library.js';
import type { FrameSet } from './frame-set.js';
import { FrameSettings } from './frame-settings.js';
import { StageObserver } from './stage-observer.js';

/** Decodes a video once and stores what understanding, screening and people need of it (paper §4.1: uniform sampling). */
@Injectable()
export class ExtractFramesService {
  private readonly flights = new SingleFlight<FrameSet>();

  constructor(
    private readonly store: ObjectStore,
    private readonly codec: VideoCodec,
    private readonly library: FrameLibrary,
    private readonly settings: FrameSettings,
    private readonly observer: StageObserver,
  ) {}

  /**
   * The frames of the video, from the store when they are there.
   * Throws what `VideoCodec.decode` throws, `artifact_missing` when the video is gone, `cancelled`.
   */
  async extract(video: AssetRef, signal: AbortSignal): Promise<FrameSet> {
    return await this.flights.run(video.sha256, async (shared) => await this.obtain(video, shared), signal);
  }

  private async obtain(video: AssetRef, signal: AbortSignal): Promise<FrameSet> {
    const started = performance.now();
    const known = await this.library.find(video);
    if (known !== undefined) {
      this.observer.answered('hit', performance.now() - started);
      return known;
    }
    const decoded = await this.decode(video, signal);
    this.observer.decoded(decoded.selections.reduce((frames, chosen) => frames + chosen.length, 0));
    const set = await this.library.keep(video, decoded, signal);
    this.observer.answered('computed', performance.now() - started);
    return set;
  }

  private async decode(video: AssetRef, signal: AbortSignal): Promise<DecodedVideo> {
    const { understanding, screening, limits, maxSide } = this.settings;
    const choosers = [uniformChooser(understanding.frames), uniformChooser(screening.frames)];
    const file = await this.store.localFile(video);
    try {
      return await this.codec.decode(file.path, { choosers, limits, maxSide }, signal);
    } finally {
      await file.release();
    }
  }
}
