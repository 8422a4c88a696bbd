import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type InspectVideoResponse, ManifestState, ProvenanceServiceClient } from '@gpt4video/contracts/gen/gpt4video/provenance/v1/provenance_service';
import { callUnary, openClient } from '@gpt4video/platform/grpc-client';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { DomainError } from '@gpt4video/ports/errors';
import type { ManifestState as State } from '@gpt4video/ports/provenance';
import { type VideoInspection, VideoInspector } from '../../core/provenance/video-inspector.js';
import { StageAddresses } from './stage-addresses.js';

const TIMEOUT_MS = 120_000;

/** The frame extractor's inspection over gRPC. */
@Injectable()
export class ProvenanceClient extends VideoInspector implements OnApplicationShutdown {
  private client: ProvenanceServiceClient | undefined;

  constructor(private readonly addresses: StageAddresses) {
    super();
  }

  override async inspect(video: AssetRef, signal: AbortSignal): Promise<VideoInspection> {
    this.client ??= openClient(ProvenanceServiceClient, this.addresses.frameExtractor);
    return toInspection(await callUnary(this.client, 'inspectVideo', { video: { ...video } }, { signal, timeoutMs: TIMEOUT_MS, idempotent: true }));
  }

  onApplicationShutdown(): void {
    this.client?.close();
  }
}

const STATES: Partial<Record<ManifestState, State>> = {
  [ManifestState.MANIFEST_STATE_OURS]: 'ours',
  [ManifestState.MANIFEST_STATE_VALID]: 'valid',
  [ManifestState.MANIFEST_STATE_BROKEN]: 'broken',
  [ManifestState.MANIFEST_STATE_NONE]: 'none',
};

function toInspection({ manifest, watermark }: InspectVideoResponse): VideoInspection {
  const state = manifest === undefined ? undefined : STATES[manifest.state];
  if (manifest === undefined || state === undefined || watermark === undefined) throw new DomainError('internal', 'The frame extractor answered without a manifest or watermark; its version does not fit.');
  const { generator, signer, digitalSourceType, bundleRevision, faults } = manifest;
  const said = Object.fromEntries(Object.entries({ generator, signer, digitalSourceType, bundleRevision }).filter(([, text]) => text !== ''));
  return { manifest: { state, faults, ...said }, watermark };
}
