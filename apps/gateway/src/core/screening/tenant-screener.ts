import { Injectable } from '@nestjs/common';
import { decideText } from '@gpt4video/model/safety/policy';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { ModelCatalog } from '../models/model-catalog.js';
import type { TenantSafety } from '../tenants/tenant.js';
import { TenantDirectory } from '../tenants/tenant-directory.js';
import { Screener, type TextsToScreen, type Verdict, type VideoVerdict } from './screener.js';

/** Where it is noted what a tenant's thresholds would have decided. */
export abstract class ShadowJournal {
  /** `agreed` is false where they would have decided otherwise. */
  abstract shadowed(stage: string, agreed: boolean): void;
}

/** The screening stage itself, whose verdicts follow the bundle's policy alone. */
export abstract class PolicyScreener extends Screener {}

/**
 * Verdicts by the tenant's own thresholds, where it has some: in force, or in the shadow, where they are only counted. They are laid
 * over those of the policy; a category of `FLOOR` can be made stricter but never more lenient. Texts only: a video is judged by how many
 * of its frames are flagged.
 */
@Injectable()
export class TenantScreener extends Screener {
  constructor(
    private readonly policy: PolicyScreener,
    private readonly tenants: TenantDirectory,
    private readonly catalog: ModelCatalog,
    private readonly journal: ShadowJournal,
  ) {
    super();
  }

  override async screenTexts(request: TextsToScreen, signal: AbortSignal): Promise<readonly Verdict[]> {
    const [verdicts, tenant] = await Promise.all([this.policy.screenTexts(request, signal), this.tenants.find(request.tenantId)]);
    const safety = tenant?.safety;
    if (safety === undefined) return verdicts;
    return verdicts.map((verdict) => this.judge(verdict, safety, request.stage));
  }

  override screenVideo(video: AssetRef, signal: AbortSignal): Promise<VideoVerdict> {
    return this.policy.screenVideo(video, signal);
  }

  private judge(verdict: Verdict, { mode, thresholds }: TenantSafety, stage: string): Verdict {
    const base = this.catalog.list()[0]?.safety.thresholds ?? {};
    const merged = Object.fromEntries(Object.entries(base).map(([category, threshold]) => [category, within(category, threshold, thresholds[category])]));
    const own = decideText(verdict.scores, { version: `${verdict.policyVersion}+tenant`, thresholds: merged });
    if (mode === 'enforce') return own;
    this.journal.shadowed(stage, own.allowed === verdict.allowed);
    return verdict;
  }
}

const FLOOR: ReadonlySet<string> = new Set(['sexual/minors']);

function within(category: string, threshold: number, own: number | undefined): number {
  if (own === undefined) return threshold;
  return FLOOR.has(category) ? Math.min(threshold, own) : own;
}
