import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { AbstractorServiceClient } from '@gpt4video/contracts/gen/gpt4video/abstractor/v1/abstractor_service';
import { callUnary, openClient } from '@gpt4video/platform/grpc-client';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { VisualTokenSource, type VisualTokens } from '../core/visual-token-source.js';
import { visualTokensOf } from './abstractor.mapper.js';

/** Where the abstractor listens. */
export abstract class AbstractorAddress {
  /** `host:port`; read at the first call. */
  abstract readonly address: string;
}

/** Asks the abstractor for visual tokens. */
@Injectable()
export class AbstractorClient extends VisualTokenSource implements OnApplicationShutdown {
  private client: AbstractorServiceClient | undefined;

  constructor(private readonly upstream: AbstractorAddress) {
    super();
  }

  override async tokensOf(video: AssetRef, signal: AbortSignal): Promise<VisualTokens> {
    this.client ??= openClient(AbstractorServiceClient, this.upstream.address);
    return visualTokensOf(await callUnary(this.client, 'abstractVideo', { video }, { signal, idempotent: true }));
  }

  onApplicationShutdown(): void {
    this.client?.close();
  }
}
