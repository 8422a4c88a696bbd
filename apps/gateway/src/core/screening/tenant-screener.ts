import { Injectable } from '@nestjs/common';
import type { OwnThresholds } from '@gpt4video/model/safety/own-thresholds';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { ownThresholds } from '../tenants/tenant.js';
import { TenantDirectory } from '../tenants/tenant-directory.js';
import { Screener, type ScreeningStage, type TextsToScreen, type Verdict, type VideoVerdict } from './screener.js';

/** How the stage that decides is asked. */
export interface Screening {
  readonly stage: ScreeningStage;
  /** Thresholds of a tenant's own; the policy alone decides when absent. */
  readonly own: OwnThresholds | undefined;
}

/** The stage that decides. Its methods throw as those of `Screener`. */
export abstract class SafetyStage {
  /** Verdicts in the order of the texts. */
  abstract screenTexts(texts: readonly string[], screening: Screening, signal: AbortSignal): Promise<readonly Verdict[]>;

  abstract screenVideo(video: AssetRef, own: OwnThresholds | undefined, signal: AbortSignal): Promise<VideoVerdict>;
}

/** Asks for verdicts by the tenant's own thresholds, where it has some. */
@Injectable()
export class TenantScreener extends Screener {
  constructor(
    private readonly safety: SafetyStage,
    private readonly tenants: TenantDirectory,
  ) {
    super();
  }

  override async screenTexts({ tenantId, texts, stage }: TextsToScreen, signal: AbortSignal): Promise<readonly Verdict[]> {
    return this.safety.screenTexts(texts, { stage, own: await this.ownOf(tenantId) }, signal);
  }

  override async screenVideo(tenantId: string, video: AssetRef, signal: AbortSignal): Promise<VideoVerdict> {
    return this.safety.screenVideo(video, await this.ownOf(tenantId), signal);
  }

  private async ownOf(tenantId: string): Promise<OwnThresholds | undefined> {
    const safety = (await this.tenants.find(tenantId))?.safety;
    return safety && ownThresholds(safety);
  }
}
