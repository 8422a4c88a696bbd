import { Injectable } from '@nestjs/common';
import {
  type ClaimRequest,
  type ClaimResponse,
  type CompleteRequest,
  type CompleteResponse,
  type FailRequest,
  type FailResponse,
  GenerationQueueServiceService,
  type HeartbeatRequest,
  type HeartbeatResponse,
  type ReleaseRequest,
  type ReleaseResponse,
} from '@gpt4video/contracts/gen/gpt4video/generation/v1/generation_service';
import type { Verdict } from '@gpt4video/contracts/gen/gpt4video/safety/v1/safety_service';
import { requireAssetRef } from '@gpt4video/contracts/asset-wire';
import { ownToWire } from '@gpt4video/contracts/own-thresholds-wire';
import type { BlockingVerdict } from '@gpt4video/ports/errors';
import { GrpcController, type RpcHandlers } from '@gpt4video/platform/grpc-server';
import { Metrics } from '@gpt4video/platform/metrics';
import { GenerationQueue } from '../../core/generations/generation-queue.js';
import { GATEWAY_METRICS } from '../../metrics.js';

/** The generation queue as film workers call it. */
@Injectable()
export class GenerationQueueController extends GrpcController implements RpcHandlers<typeof GenerationQueueServiceService> {
  override readonly app = 'gateway';
  override readonly definition = GenerationQueueServiceService;
  private readonly instruments;

  constructor(
    private readonly queue: GenerationQueue,
    metrics: Metrics,
  ) {
    super();
    this.instruments = metrics.use(GATEWAY_METRICS);
  }

  async claim({ worker }: ClaimRequest): Promise<ClaimResponse> {
    const lease = await this.queue.claim(worker);
    return { lease: lease && { ...lease, own: lease.own && ownToWire(lease.own) } };
  }

  heartbeat({ progress, ...lease }: HeartbeatRequest): Promise<HeartbeatResponse> {
    return this.queue.heartbeat(lease, progress);
  }

  async complete({ generationId, token, stageMs, bundleRevision, ...assets }: CompleteRequest): Promise<CompleteResponse> {
    const result = {
      video: requireAssetRef(assets.video, 'video'),
      thumbnail: requireAssetRef(assets.thumbnail, 'thumbnail'),
      spritesheet: requireAssetRef(assets.spritesheet, 'spritesheet'),
      stageMs,
      bundleRevision,
    };
    await this.queue.complete({ generationId, token }, result);
    this.instruments.generationsTotal.inc({ outcome: 'completed' });
    return {};
  }

  async fail({ generationId, token, verdict, ...error }: FailRequest): Promise<FailResponse> {
    await this.queue.fail({ generationId, token }, verdict === undefined ? error : { ...error, verdict: toBlocking(verdict) });
    this.instruments.generationsTotal.inc({ outcome: 'failed' });
    return {};
  }

  async release({ generationId, token }: ReleaseRequest): Promise<ReleaseResponse> {
    await this.queue.release({ generationId, token });
    this.instruments.generationsTotal.inc({ outcome: 'released' });
    return {};
  }
}

function toBlocking({ category, score, threshold, policyVersion }: Verdict): BlockingVerdict {
  return { category, score, threshold, stage: 'film', policyVersion };
}
