import { Injectable } from '@nestjs/common';
import { decideText } from '@gpt4video/model/safety/policy';
import { DecisionLog } from './decision-log.js';
import { SafetySettings } from './safety-settings.js';
import { closed, type Stage, type StagedVerdict } from './screening.js';
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
  async screen(texts: readonly string[], stage: Stage, signal: AbortSignal): Promise<readonly StagedVerdict[]> {
    const { policyVersion, thresholds } = this.settings;
    return await closed('text', async () => {
      const verdicts: StagedVerdict[] = [];
      for (const text of texts) {
        const verdict = { ...decideText(await this.scorer.score(text, signal), { version: policyVersion, thresholds }), stage };
        this.log.record(verdict);
        verdicts.push(verdict);
      }
      return verdicts;
    });
  }
}
