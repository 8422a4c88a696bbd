import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { requireAssetRef } from '@gpt4video/contracts/asset-wire';
import { FramesServiceClient, type FrameSet } from '@gpt4video/contracts/gen/gpt4video/frames/v1/frames_service';
import { callUnary, openClient } from '@gpt4video/platform/grpc-client';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { DomainError } from '@gpt4video/ports/errors';
import type { FrameSummary } from '../../core/files/file.js';
import { FrameExtraction } from '../../core/files/frame-extraction.js';
import { StageAddresses } from './stage-addresses.js';

const TIMEOUT_MS = 120_000;

/** The frame extractor over gRPC. */
@Injectable()
export class FramesClient extends FrameExtraction implements OnApplicationShutdown {
  private client: FramesServiceClient | undefined;

  constructor(private readonly addresses: StageAddresses) {
    super();
  }

  override async extract(video: AssetRef, signal: AbortSignal): Promise<FrameSummary> {
    this.client ??= openClient(FramesServiceClient, this.addresses.frameExtractor);
    const { frames } = await callUnary(this.client, 'extractFrames', { video: { ...video } }, { signal, timeoutMs: TIMEOUT_MS, idempotent: true });
    return toSummary(frames);
  }

  onApplicationShutdown(): void {
    this.client?.close();
  }
}

/** What people see of a frame set. Throws `internal` when the stage left something out. */
export function toSummary(frames: FrameSet | undefined): FrameSummary {
  if (frames?.facts === undefined) throw new DomainError('internal', 'The frame extractor answered without facts; its version does not fit.');
  const thumbnail = frames.thumbnail === undefined ? {} : { thumbnail: requireAssetRef(frames.thumbnail, 'frames.thumbnail') };
  return { facts: frames.facts, ...thumbnail, stills: frames.stills.map((still, index) => requireAssetRef(still, `frames.stills[${index}]`)) };
}
