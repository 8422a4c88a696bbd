import { requireAssetRef } from '@gpt4video/contracts/asset-wire';
import type { AbstractVideoRequest, AbstractVideoResponse } from '@gpt4video/contracts/gen/gpt4video/abstractor/v1/abstractor_service';
import type { EncodeVideoResponse } from '@gpt4video/contracts/gen/gpt4video/clip/v1/clip_service';
import type { FeaturesEncoded, VideoUnderstood } from '@gpt4video/contracts/gen/gpt4video/events/v1/events';
import { tensorToWire } from '@gpt4video/contracts/tensor-wire';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { DomainError } from '@gpt4video/ports/errors';
import type { VisualTokens } from '../core/abstract-video.service.js';

/** The video that a caller asks about. */
export function videoOf(request: AbstractVideoRequest): AssetRef {
  return requireAssetRef(request.video, 'video');
}

/** Visual tokens `[count, width]` on the wire. */
export function visualTokensToWire({ tokens, artifact }: VisualTokens, width: number, bundleRevision: string): AbstractVideoResponse {
  return { tokens: tensorToWire({ shape: [tokens.length / width, width], data: tokens }), artifact, bundleRevision };
}

/** The features in the encoder's answer. */
export function featuresOf(response: EncodeVideoResponse): AssetRef {
  return requireAssetRef(response.features, 'features');
}

/** The file, video and features of a fact. */
export function encodingOf(fact: FeaturesEncoded): { readonly fileId: string; readonly video: AssetRef; readonly features: AssetRef } {
  if (fact.fileId === '') throw new DomainError('invalid_request', 'The fact names no file; send file_id.', { param: 'file_id' });
  return { fileId: fact.fileId, video: requireAssetRef(fact.video, 'video'), features: requireAssetRef(fact.features, 'features') };
}

/** The fact that visual tokens are stored. */
export function videoUnderstood(fileId: string, video: AssetRef, tokens: AssetRef): VideoUnderstood {
  return { fileId, video, tokens };
}
