import { requireAssetRef } from '@gpt4video/contracts/asset-wire';
import { type InspectVideoRequest, type InspectVideoResponse, ManifestState } from '@gpt4video/contracts/gen/gpt4video/provenance/v1/provenance_service';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import type { VideoInspection } from '../core/inspect-video.service.js';

const STATES = {
  ours: ManifestState.MANIFEST_STATE_OURS,
  valid: ManifestState.MANIFEST_STATE_VALID,
  broken: ManifestState.MANIFEST_STATE_BROKEN,
  none: ManifestState.MANIFEST_STATE_NONE,
} as const;

/** The video that a caller asks about. */
export function inspectedVideo(request: InspectVideoRequest): AssetRef {
  return requireAssetRef(request.video, 'video');
}

/** An inspection on the wire. */
export function inspectionToWire({ manifest, watermark }: VideoInspection): InspectVideoResponse {
  const { state, generator = '', signer = '', digitalSourceType = '', bundleRevision = '', faults } = manifest;
  return { manifest: { state: STATES[state], generator, signer, digitalSourceType, bundleRevision, faults: [...faults] }, watermark: { ...watermark } };
}
