import { Injectable } from '@nestjs/common';
import { declareMetrics, Metrics, type Instruments } from '@gpt4video/platform/metrics';
import { DialogueObserver } from './core/dialogue-observer.js';
import type { AnswerEnd } from './core/turn.js';

/** Metrics of the dialogue service. */
export const DIALOGUE_METRICS = declareMetrics('dialogue', {
  answersTotal: { type: 'counter', help: 'Finished answers, by the reason of their end: stop or length.', labels: ['reason'] },
  tokensTotal: { type: 'counter', help: 'Tokens, by kind: prompt, video, cached or completion.', labels: ['kind'] },
  visionSeconds: { type: 'histogram', help: 'Seconds until the visual tokens of every video of a turn were there.' },
  firstTokenSeconds: { type: 'histogram', help: 'Seconds from the start of prefill to the first token.' },
  modelSeconds: { type: 'histogram', help: 'Seconds of an answer in the language model.' },
});

/** Counts answers and their tokens. */
@Injectable()
export class DialogueMetrics extends DialogueObserver {
  private readonly instruments: Instruments<typeof DIALOGUE_METRICS>;

  constructor(metrics: Metrics) {
    super();
    this.instruments = metrics.use(DIALOGUE_METRICS);
  }

  override answered(end: AnswerEnd): void {
    const { answersTotal, tokensTotal, visionSeconds, firstTokenSeconds, modelSeconds } = this.instruments;
    answersTotal.inc({ reason: end.reason });
    tokensTotal.inc({ kind: 'prompt' }, end.promptTokens);
    tokensTotal.inc({ kind: 'video' }, end.videoTokens);
    tokensTotal.inc({ kind: 'cached' }, end.cachedTokens);
    tokensTotal.inc({ kind: 'completion' }, end.completionTokens);
    visionSeconds.observe(end.visionMs / 1_000);
    firstTokenSeconds.observe(end.firstTokenMs / 1_000);
    modelSeconds.observe(end.modelMs / 1_000);
  }
}
