import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { FramesServiceClient } from '@gpt4video/contracts/gen/gpt4video/frames/v1/frames_service';
import { callUnary, openClient } from '@gpt4video/platform/grpc-client';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { ScreeningFrameSource, type ScreeningFrames } from '../core/screening-frame-source.js';
import { screeningFramesOf } from './safety.mapper.js';

/** Where the frame extractor listens. */
export abstract class FrameExtractorAddress {
  /** `host:port`; read at the first call. */
  abstract readonly address: string;
}

/** Asks the frame extractor for screening frames. */
@Injectable()
export class FramesClient extends ScreeningFrameSource implements OnApplicationShutdown {
  private client: FramesServiceClient | undefined;

  constructor(private readonly upstream: FrameExtractorAddress) {
    super();
  }

  override async framesOf(video: AssetRef, signal: AbortSignal): Promise<ScreeningFrames> {
    this.client ??= openClient(FramesServiceClient, this.upstream.address);
    return screeningFramesOf(await callUnary(this.client, 'extractFrames', { video }, { signal, idempotent: true }));
  }

  onApplicationShutdown(): void {
    this.client?.close();
  }
}
