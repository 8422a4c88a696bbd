import { Injectable } from '@nestjs/common';
import { encodeSafetensors } from '@gpt4video/model/tensor/safetensors';
import { artifactKey } from '@gpt4video/ports/artifact-key';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { DomainError, isDomainError } from '@gpt4video/ports/errors';
import { ImageCodec } from '@gpt4video/ports/image-codec';
import { ObjectStore } from '@gpt4video/ports/object-store';
import type { DecodedFrame, DecodedVideo } from '@gpt4video/ports/video-codec';
import { artifactsOf, decodeFrameSet, encodeFrameSet, type FrameSet } from './frame-set.js';
import { FrameSettings, type FrameShape } from './frame-settings.js';
import { fitFrame } from './fit-frame.js';

const SAFETENSORS = 'application/vnd.safetensors';

/** Keeps frame sets as artifacts beside their videos, and finds them again. */
@Injectable()
export class FrameLibrary {
  constructor(
    private readonly store: ObjectStore,
    private readonly images: ImageCodec,
    private readonly settings: FrameSettings,
  ) {}

  /** The frame set of a video, or undefined when it, or any artifact of it, is not (or no longer) stored. */
  async find(video: AssetRef): Promise<FrameSet | undefined> {
    const ref = await this.store.find(this.key(video, 'frame-set.json'));
    if (ref === undefined) return undefined;
    const set = decodeFrameSet(await this.store.read(ref).catch(unreadable));
    if (set !== undefined && (await this.complete(set))) return set;
    // An incomplete set would be found again for ever: artifacts are written once.
    await this.store.delete(ref.key);
    return undefined;
  }

  /** Stores the frames that were chosen for understanding (first selection) and screening (second). */
  async keep(video: AssetRef, decoded: DecodedVideo, signal: AbortSignal): Promise<FrameSet> {
    const [understanding = [], screening = []] = decoded.selections;
    const middle = understanding[understanding.length >> 1];
    if (middle === undefined || screening.length === 0) {
      throw new DomainError('invalid_video', 'The video holds no frame that can be shown; export it again as MP4 (H.264) and upload that.');
    }
    const [understandingRef, screeningRef, thumbnail, ...stills] = await Promise.all([
      this.putFrames(this.key(video, 'understanding.safetensors'), understanding, this.settings.understanding, signal),
      this.putFrames(this.key(video, 'screening.safetensors'), screening, this.settings.screening, signal),
      this.putPicture(this.key(video, 'thumbnail.webp'), middle, 'webp', signal),
      ...understanding.map(async (frame, index) => await this.putPicture(this.key(video, `still-${index}.jpeg`), frame, 'jpeg', signal)),
    ]);
    const set: FrameSet = {
      understanding: understandingRef,
      screening: screeningRef,
      thumbnail,
      stills,
      facts: decoded.facts,
      understandingTimestampsMs: understanding.map((frame) => Math.round(frame.timestampMs)),
      screeningTimestampsMs: screening.map((frame) => Math.round(frame.timestampMs)),
    };
    // Last, so that a set that is found is whole.
    await this.store.put(this.key(video, 'frame-set.json'), encodeFrameSet(set), { mediaType: 'application/json', signal });
    return set;
  }

  private async complete(set: FrameSet): Promise<boolean> {
    const heads = await Promise.all(artifactsOf(set).map(async (ref) => (await this.store.head(ref.key))?.sha256 === ref.sha256));
    return heads.every(Boolean);
  }

  private async putFrames(key: string, frames: readonly DecodedFrame[], shape: FrameShape, signal: AbortSignal): Promise<AssetRef> {
    const { size } = shape;
    const data = new Uint8Array(frames.length * size * size * 3);
    frames.forEach((frame, index) => data.set(fitFrame(frame, shape).pixels, index * size * size * 3));
    const bytes = encodeSafetensors({ frames: { shape: [frames.length, size, size, 3], data } });
    return await this.store.put(key, bytes, { mediaType: SAFETENSORS, signal });
  }

  private async putPicture(key: string, frame: DecodedFrame, format: 'webp' | 'jpeg', signal: AbortSignal): Promise<AssetRef> {
    return await this.store.put(key, await this.images.encode(frame, format), { mediaType: `image/${format}`, signal });
  }

  private key(video: AssetRef, name: string): string {
    return artifactKey({ videoSha256: video.sha256, stage: 'frames', revision: this.settings.revision, name });
  }
}

/** A set that is gone or damaged counts as absent; a store that does not answer does not. */
function unreadable(error: unknown): Uint8Array {
  if (isDomainError(error) && (error.code === 'artifact_missing' || error.code === 'artifact_corrupt')) return new Uint8Array();
  throw error;
}
