import { requireAssetRef } from '@gpt4video/contracts/asset-wire';
import type { EncodeVideoRequest } from '@gpt4video/contracts/gen/gpt4video/clip/v1/clip_service';
import type { FeaturesEncoded, FramesExtracted } from '@gpt4video/contracts/gen/gpt4video/events/v1/events';
import type { ExtractFramesResponse } from '@gpt4video/contracts/gen/gpt4video/frames/v1/frames_service';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { DomainError } from '@gpt4video/ports/errors';

/** The video that a caller asks about. */
export function videoOf(request: EncodeVideoRequest): AssetRef {
  return requireAssetRef(request.video, 'video');
}

/** The understanding frames in the frame extractor's answer. */
export function understandingFramesOf(response: ExtractFramesResponse): AssetRef {
  return requireAssetRef(response.frames?.understanding, 'frames.understanding');
}

/** The file, video and frames of a fact. */
export function extractionOf(fact: FramesExtracted): { readonly fileId: string; readonly video: AssetRef; readonly frames: AssetRef } {
  if (fact.fileId === '') throw new DomainError('invalid_request', 'The fact names no file; send file_id.', { param: 'file_id' });
  return { fileId: fact.fileId, video: requireAssetRef(fact.video, 'video'), frames: requireAssetRef(fact.frames?.understanding, 'frames.understanding') };
}

/** The fact that patch features are stored. */
export function featuresEncoded(fileId: string, video: AssetRef, features: AssetRef): FeaturesEncoded {
  return { fileId, video, features };
}
