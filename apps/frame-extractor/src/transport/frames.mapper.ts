import { requireAssetRef } from '@gpt4video/contracts/asset-wire';
import type { VideoRejected, FramesExtracted, VideoUploaded } from '@gpt4video/contracts/gen/gpt4video/events/v1/events';
import type { ExtractFramesRequest, FrameSet as WireFrameSet } from '@gpt4video/contracts/gen/gpt4video/frames/v1/frames_service';
import type { OwnThresholds } from '@gpt4video/contracts/gen/gpt4video/safety/v1/safety_service';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { DomainError } from '@gpt4video/ports/errors';
import type { FrameSet } from '../core/frame-set.js';

/** The video that a caller asks about. */
export function videoOf(request: ExtractFramesRequest): AssetRef {
  return requireAssetRef(request.video, 'video');
}

/** A frame set on the wire. */
export function frameSetToWire(set: FrameSet): WireFrameSet {
  return {
    understanding: set.understanding,
    screening: set.screening,
    thumbnail: set.thumbnail,
    facts: set.facts,
    understandingTimestampsMs: [...set.understandingTimestampsMs],
    screeningTimestampsMs: [...set.screeningTimestampsMs],
    stills: [...set.stills],
  };
}

/** An uploaded video, and by which thresholds it is to be screened, which are passed on as they came. */
export interface UploadedVideo {
  readonly fileId: string;
  readonly video: AssetRef;
  readonly own: OwnThresholds | undefined;
}

/** The uploaded file and video of a fact. */
export function uploadOf(fact: VideoUploaded): UploadedVideo {
  if (fact.fileId === '') throw new DomainError('invalid_request', 'The fact names no file; send file_id.', { param: 'file_id' });
  return { fileId: fact.fileId, video: requireAssetRef(fact.video, 'video'), own: fact.own };
}

/** The fact that frames were sampled. */
export function framesExtracted({ fileId, video, own }: UploadedVideo, set: FrameSet): FramesExtracted {
  return { fileId, video, frames: frameSetToWire(set), own };
}

/** The fact that no attempt will ever get frames out of this video. */
export function videoRejected({ fileId, video }: UploadedVideo, fault: DomainError): VideoRejected {
  return { fileId, video, stage: 'frame-extractor', code: fault.code, message: fault.message };
}
