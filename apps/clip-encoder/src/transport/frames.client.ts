import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { FramesServiceClient } from '@gpt4video/contracts/gen/gpt4video/frames/v1/frames_service';
import { callUnary, openClient } from '@gpt4video/platform/grpc-client';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { FrameSource } from '../core/frame-source.js';
import { understandingFramesOf } from './clip.mapper.js';

/** Where the frame extractor listens. */
export abstract class FrameExtractorAddress {
  /** `host:port`; read at the first call. */
  abstract readonly address: string;
}

/** Asks the frame extractor for frames. */
@Injectable()
export class FramesClient extends FrameSource implements OnApplicationShutdown {
  private client: FramesServiceClient | undefined;

  constructor(private readonly upstream: FrameExtractorAddress) {
    super();
  }

  override async framesOf(video: AssetRef, signal: AbortSignal): Promise<AssetRef> {
    this.client ??= openClient(FramesServiceClient, this.upstream.address);
    return understandingFramesOf(await callUnary(this.client, 'extractFrames', { video }, { signal, idempotent: true }));
  }

  onApplicationShutdown(): void {
    this.client?.close();
  }
}
