import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ClipServiceClient } from '@gpt4video/contracts/gen/gpt4video/clip/v1/clip_service';
import { callUnary, openClient } from '@gpt4video/platform/grpc-client';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { FeatureSource } from '../core/feature-source.js';
import { featuresOf } from './abstractor.mapper.js';

/** Where the CLIP encoder listens. */
export abstract class ClipEncoderAddress {
  /** `host:port`; read at the first call. */
  abstract readonly address: string;
}

/** Asks the CLIP encoder for features. */
@Injectable()
export class ClipClient extends FeatureSource implements OnApplicationShutdown {
  private client: ClipServiceClient | undefined;

  constructor(private readonly upstream: ClipEncoderAddress) {
    super();
  }

  override async featuresOf(video: AssetRef, signal: AbortSignal): Promise<AssetRef> {
    this.client ??= openClient(ClipServiceClient, this.upstream.address);
    return featuresOf(await callUnary(this.client, 'encodeVideo', { video }, { signal, idempotent: true }));
  }

  onApplicationShutdown(): void {
    this.client?.close();
  }
}
