import { Injectable } from '@nestjs/common';
import { judgeText } from '@gpt4video/model/safety/own-thresholds';
import { DecisionLog } from './decision-log.js';
import { SafetySettings } from './safety-settings.js';
import { closed, type StagedVerdict, type Standing } from './screening.js';
import { TextScorer } from './text-scorer.js';

/** Screens texts: prompts, windows of an answer, captions. */
@Injectable()
export class ScreenTextService {
  constructor(
    private readonly scorer: TextScorer,
    private readonly settings: SafetySettings,
    private readonly log: DecisionLog,
  ) {}

  /** One verdict per text, in order. Throws `screening_unavailable` when any text could not be judged, `cancelled`. */
  async screen(texts: readonly string[], { stage, own }: Standing, signal: AbortSignal): Promise<readonly StagedVerdict[]> {
    const { policyVersion, thresholds } = this.settings;
    return await closed('text', async () => {
      const verdicts: StagedVerdict[] = [];
      for (const text of texts) {
        const { inForce, shadow } = judgeText(await this.scorer.score(text, signal), { version: policyVersion, thresholds }, own);
        const verdict = { ...inForce, stage };
        this.log.record(verdict);
        if (shadow !== undefined) this.log.shadowed(verdict, { ...shadow, stage });
        verdicts.push(verdict);
      }
      return verdicts;
    });
  }
}
