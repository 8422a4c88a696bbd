import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { SafetyServiceClient, Stage, type Verdict as WireVerdict } from '@gpt4video/contracts/gen/gpt4video/safety/v1/safety_service';
import { callUnary, openClient } from '@gpt4video/platform/grpc-client';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { DomainError, type ErrorCode, isDomainError } from '@gpt4video/ports/errors';
import { Screener, type ScreeningStage, type Verdict } from '../../core/screening/screener.js';
import { StageAddresses } from './stage-addresses.js';

const TEXT_TIMEOUT_MS = 30_000;
const VIDEO_TIMEOUT_MS = 120_000;

const STAGES: Readonly<Record<ScreeningStage, Stage>> = { input: Stage.STAGE_INPUT, output: Stage.STAGE_OUTPUT, caption: Stage.STAGE_CAPTION };

/** Failures that say that screening did not happen, as opposed to a bad request or a caller who left. */
const NO_ANSWER: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['unavailable', 'model_unavailable', 'deadline_exceeded', 'overloaded', 'internal']);

/** The safety stage over gRPC. */
@Injectable()
export class SafetyClient extends Screener implements OnApplicationShutdown {
  private client: SafetyServiceClient | undefined;

  constructor(private readonly addresses: StageAddresses) {
    super();
  }

  override screenTexts(texts: readonly string[], stage: ScreeningStage, signal: AbortSignal): Promise<readonly Verdict[]> {
    return answered(async () => {
      const { verdicts } = await callUnary(this.stub(), 'screenText', { texts: [...texts], stage: STAGES[stage] }, { signal, timeoutMs: TEXT_TIMEOUT_MS, idempotent: true });
      if (verdicts.length !== texts.length) throw unavailable();
      return verdicts.map(toVerdict);
    });
  }

  override screenVideo(video: AssetRef, signal: AbortSignal): Promise<Verdict> {
    return answered(async () => {
      const { verdict } = await callUnary(this.stub(), 'screenVideo', { video: { ...video } }, { signal, timeoutMs: VIDEO_TIMEOUT_MS, idempotent: true });
      if (verdict === undefined) throw unavailable();
      return toVerdict(verdict);
    });
  }

  onApplicationShutdown(): void {
    this.client?.close();
  }

  private stub(): SafetyServiceClient {
    this.client ??= openClient(SafetyServiceClient, this.addresses.safety);
    return this.client;
  }
}

async function answered<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (isDomainError(error) && NO_ANSWER.has(error.code)) throw unavailable(error);
    throw error;
  }
}

function unavailable(cause?: unknown): DomainError {
  return new DomainError('screening_unavailable', 'Screening does not answer, and nothing passes without it; try again in a moment.', { cause, retryAfterMs: 2_000 });
}

function toVerdict({ allowed, category, score, threshold, policyVersion, scores }: WireVerdict): Verdict {
  return { allowed, category, score, threshold, policyVersion, scores };
}
