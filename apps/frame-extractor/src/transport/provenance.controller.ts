import { Injectable } from '@nestjs/common';
import { type InspectVideoRequest, type InspectVideoResponse, ProvenanceServiceService } from '@gpt4video/contracts/gen/gpt4video/provenance/v1/provenance_service';
import { type CallContext, GrpcController, type RpcHandlers } from '@gpt4video/platform/grpc-server';
import { InspectVideoService } from '../core/inspect-video.service.js';
import { inspectedVideo, inspectionToWire } from './provenance.mapper.js';

/** Tells callers whether a video is one of our films. */
@Injectable()
export class ProvenanceController extends GrpcController implements RpcHandlers<typeof ProvenanceServiceService> {
  readonly app = 'frame-extractor';
  readonly definition = ProvenanceServiceService;

  constructor(private readonly videos: InspectVideoService) {
    super();
  }

  async inspectVideo(request: InspectVideoRequest, { signal }: CallContext): Promise<InspectVideoResponse> {
    return inspectionToWire(await this.videos.inspect(inspectedVideo(request), signal));
  }
}
