import { Injectable } from '@nestjs/common';
import { FramesServiceService, type ExtractFramesRequest, type ExtractFramesResponse } from '@gpt4video/contracts/gen/gpt4video/frames/v1/frames_service';
import { GrpcController, type CallContext, type RpcHandlers } from '@gpt4video/platform/grpc-server';
import { ExtractFramesService } from '../core/extract-frames.service.js';
import { frameSetToWire, videoOf } from './frames.mapper.js';

/** Serves frames to whoever waits for them. */
@Injectable()
export class FramesController extends GrpcController implements RpcHandlers<typeof FramesServiceService> {
  readonly app = 'frame-extractor';
  readonly definition = FramesServiceService;

  constructor(private readonly frames: ExtractFramesService) {
    super();
  }

  async extractFrames(request: ExtractFramesRequest, { signal }: CallContext): Promise<ExtractFramesResponse> {
    return { frames: frameSetToWire(await this.frames.extract(videoOf(request), signal)) };
  }
}
