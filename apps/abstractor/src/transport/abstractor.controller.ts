import { Injectable } from '@nestjs/common';
import { AbstractorServiceService, type AbstractVideoRequest, type AbstractVideoResponse } from '@gpt4video/contracts/gen/gpt4video/abstractor/v1/abstractor_service';
import { GrpcController, type CallContext, type RpcHandlers } from '@gpt4video/platform/grpc-server';
import { AbstractVideoService } from '../core/abstract-video.service.js';
import { AbstractorSettings } from '../core/abstractor-settings.js';
import { videoOf, visualTokensToWire } from './abstractor.mapper.js';

/** Serves visual tokens to whoever waits for them. */
@Injectable()
export class AbstractorController extends GrpcController implements RpcHandlers<typeof AbstractorServiceService> {
  readonly app = 'abstractor';
  readonly definition = AbstractorServiceService;

  constructor(
    private readonly abstractor: AbstractVideoService,
    private readonly settings: AbstractorSettings,
  ) {
    super();
  }

  async abstractVideo(request: AbstractVideoRequest, { signal }: CallContext): Promise<AbstractVideoResponse> {
    const tokens = await this.abstractor.abstract(videoOf(request), signal);
    return visualTokensToWire(tokens, this.settings.width, this.settings.bundleRevision);
  }
}
