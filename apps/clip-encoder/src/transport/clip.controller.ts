import { Injectable } from '@nestjs/common';
import { ClipServiceService, type EncodeVideoRequest, type EncodeVideoResponse } from '@gpt4video/contracts/gen/gpt4video/clip/v1/clip_service';
import { GrpcController, type CallContext, type RpcHandlers } from '@gpt4video/platform/grpc-server';
import { EncodeVideoService } from '../core/encode-video.service.js';
import { VisionSettings } from '../core/vision-settings.js';
import { videoOf } from './clip.mapper.js';

/** Serves patch features to whoever waits for them. */
@Injectable()
export class ClipController extends GrpcController implements RpcHandlers<typeof ClipServiceService> {
  readonly app = 'clip-encoder';
  readonly definition = ClipServiceService;

  constructor(
    private readonly encoder: EncodeVideoService,
    private readonly settings: VisionSettings,
  ) {
    super();
  }

  async encodeVideo(request: EncodeVideoRequest, { signal }: CallContext): Promise<EncodeVideoResponse> {
    return { features: await this.encoder.encode(videoOf(request), signal), bundleRevision: this.settings.bundleRevision };
  }
}
