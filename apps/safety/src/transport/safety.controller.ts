import { Injectable } from '@nestjs/common';
import { requireAssetRef } from '@gpt4video/contracts/asset-wire';
import {
  SafetyServiceService,
  type ScreenFramesRequest,
  type ScreenFramesResponse,
  type ScreenTextRequest,
  type ScreenTextResponse,
  type ScreenVideoRequest,
  type ScreenVideoResponse,
} from '@gpt4video/contracts/gen/gpt4video/safety/v1/safety_service';
import { GrpcController, type CallContext, type RpcHandlers } from '@gpt4video/platform/grpc-server';
import { ScreenFramesService } from '../core/screen-frames.service.js';
import { ScreenTextService } from '../core/screen-text.service.js';
import { ScreenVideoService } from '../core/screen-video.service.js';
import { Guardrail } from './guardrail.js';
import { batchOf, ownOf, textsOf, verdictToWire, videoVerdictToWire } from './safety.mapper.js';
import { stageOf } from './stage.mapper.js';

/** Serves verdicts. */
@Injectable()
export class SafetyController extends GrpcController implements RpcHandlers<typeof SafetyServiceService> {
  readonly app = 'safety';
  readonly definition = SafetyServiceService;

  constructor(
    private readonly texts: ScreenTextService,
    private readonly videos: ScreenVideoService,
    private readonly frames: ScreenFramesService,
    private readonly guardrail: Guardrail,
  ) {
    super();
  }

  async screenText(request: ScreenTextRequest, { signal }: CallContext): Promise<ScreenTextResponse> {
    const stage = stageOf(request.stage);
    const screen = () => this.texts.screen(textsOf(request), { stage, own: ownOf(request) }, signal);
    const verdicts = await this.guardrail.run({ kind: 'text', stage, screen, verdictsOf: (answer) => answer });
    return { verdicts: verdicts.map(verdictToWire) };
  }

  async screenVideo(request: ScreenVideoRequest, { signal }: CallContext): Promise<ScreenVideoResponse> {
    const screen = () => this.videos.screen(requireAssetRef(request.video, 'video'), signal, { own: ownOf(request) });
    return videoVerdictToWire(await this.guardrail.run({ kind: 'video', stage: 'input', screen, verdictsOf: ({ verdict }) => [verdict] }));
  }

  async screenFrames(request: ScreenFramesRequest, { signal }: CallContext): Promise<ScreenFramesResponse> {
    const stage = stageOf(request.stage);
    const screen = () => this.frames.screen(batchOf(request), { stage, own: ownOf(request) }, signal);
    return videoVerdictToWire(await this.guardrail.run({ kind: 'frames', stage, screen, verdictsOf: ({ verdict }) => [verdict] }));
  }
}
