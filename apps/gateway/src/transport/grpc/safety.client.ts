import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { SafetyServiceClient, Stage, type Verdict as WireVerdict } from '@gpt4video/contracts/gen/gpt4video/safety/v1/safety_service';
import { ownToWire } from '@gpt4video/contracts/own-thresholds-wire';
import type { OwnThresholds } from '@gpt4video/model/safety/own-thresholds';
import { callUnary, openClient } from '@gpt4video/platform/grpc-client';
import { Metrics } from '@gpt4video/platform/metrics';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { DomainError, type ErrorCode, isDomainError } from '@gpt4video/ports/errors';
import { SafetyStage, type Screening } from '../../core/screening/tenant-screener.js';
import type { ScreeningStage, Verdict, VideoVerdict } from '../../core/screening/screener.js';
import { GATEWAY_METRICS } from '../../metrics.js';
import { StageAddresses } from './stage-addresses.js';

const TEXT_TIMEOUT_MS = 30_000;
const VIDEO_TIMEOUT_MS = 120_000;

const STAGES: Readonly<Record<ScreeningStage, Stage>> = { input: Stage.STAGE_INPUT, output: Stage.STAGE_OUTPUT, caption: Stage.STAGE_CAPTION, film: Stage.STAGE_FILM };

/** Failures that say that screening did not happen, as opposed to a bad request or a caller who left. */
const NO_ANSWER: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['unavailable', 'model_unavailable', 'deadline_exceeded', 'overloaded', 'internal']);

/** The safety stage over gRPC. */
@Injectable()
export class SafetyClient extends SafetyStage implements OnApplicationShutdown {
  private readonly instruments;
  private client: SafetyServiceClient | undefined;

  constructor(
    private readonly addresses: StageAddresses,
    metrics: Metrics,
  ) {
    super();
    this.instruments = metrics.use(GATEWAY_METRICS);
  }

  override screenTexts(texts: readonly string[], { stage, own }: Screening, signal: AbortSignal): Promise<readonly Verdict[]> {
    return this.answered(stage, async () => {
      const { verdicts } = await callUnary(this.stub(), 'screenText', { texts: [...texts], stage: STAGES[stage], own: own && ownToWire(own) }, { signal, timeoutMs: TEXT_TIMEOUT_MS, idempotent: true });
      if (verdicts.length !== texts.length) throw unavailable();
      return verdicts.map((verdict) => toVerdict(verdict, stage));
    });
  }

  override screenVideo(video: AssetRef, own: OwnThresholds | undefined, signal: AbortSignal): Promise<VideoVerdict> {
    return this.answered('input', async () => {
      const { verdict, frames } = await callUnary(this.stub(), 'screenVideo', { video: { ...video }, own: own && ownToWire(own) }, { signal, timeoutMs: VIDEO_TIMEOUT_MS, idempotent: true });
      if (verdict === undefined) throw unavailable();
      return { verdict: toVerdict(verdict, 'input'), frames };
    });
  }

  onApplicationShutdown(): void {
    this.client?.close();
  }

  private async answered<T>(stage: ScreeningStage, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      const failure = isDomainError(error) && NO_ANSWER.has(error.code) ? unavailable(error) : error;
      if (isDomainError(failure) && failure.code === 'screening_unavailable') this.instruments.failClosedTotal.inc({ stage });
      throw failure;
    }
  }

  private stub(): SafetyServiceClient {
    this.client ??= openClient(SafetyServiceClient, this.addresses.safety);
    return this.client;
  }
}

function unavailable(cause?: unknown): DomainError {
  return new DomainError('screening_unavailable', 'Screening does not answer, and nothing passes without it; try again in a moment.', { cause, retryAfterMs: 2_000 });
}

function toVerdict({ allowed, category, score, threshold, policyVersion, scores, flagged }: WireVerdict, stage: ScreeningStage): Verdict {
  return { allowed, category, score, threshold, policyVersion, scores, flagged, stage };
}
