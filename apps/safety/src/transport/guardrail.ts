import { Injectable } from '@nestjs/common';
import { withSpan } from '@gpt4video/platform/tracing';
import { toDomainError } from '@gpt4video/ports/errors';
import type { Stage, StagedVerdict } from '../core/screening.js';
import { SafetyMetrics } from '../metrics.js';

/** What is screened, and where in the turn it stands. */
export interface Check<Answer> {
  readonly kind: 'text' | 'video' | 'frames';
  readonly stage: Stage;
  screen(): Promise<Answer>;
  /** The verdicts of an answer. */
  verdictsOf(answer: Answer): readonly StagedVerdict[];
}

/** Runs checks under guardrail spans that tell the verdict that decides, and counts those that end without one: no verdict means no. */
@Injectable()
export class Guardrail {
  constructor(private readonly metrics: SafetyMetrics) {}

  /** The check's answer. Throws what it throws. */
  run<Answer>({ kind, stage, screen, verdictsOf }: Check<Answer>): Promise<Answer> {
    const attributes = {
      'gen_ai.guardrail.target.type': TARGETS[stage],
      'gen_ai.guardrail.action.type': 'block',
      'gpt4video.guardrail.stage': stage,
    };
    return withSpan(`run_guardrail ${kind}`, { attributes }, async (span) => {
      try {
        const answer = await screen();
        span.set(toldOf(deciding(verdictsOf(answer))));
        return answer;
      } catch (thrown) {
        if (toDomainError(thrown).code === 'screening_unavailable') this.metrics.failedClosed(stage);
        throw thrown;
      }
    });
  }
}

/** A caption is what the film model is about to be given, whoever wrote it. */
const TARGETS: Readonly<Record<Stage, 'input' | 'output'>> = { input: 'input', caption: 'input', output: 'output', film: 'output' };

/** The first refusal, else the highest score. */
function deciding(verdicts: readonly StagedVerdict[]): StagedVerdict | undefined {
  return verdicts.find(({ allowed }) => !allowed) ?? verdicts.toSorted((a, b) => b.score - a.score)[0];
}

function toldOf(verdict: StagedVerdict | undefined) {
  if (verdict === undefined) return {};
  const { allowed, category, score, threshold, policyVersion } = verdict;
  return {
    'gen_ai.guardrail.verdict.type': allowed ? 'allow' : 'deny',
    'gen_ai.guardrail.action.type': allowed ? 'pass' : 'block',
    'gen_ai.guardrail.policy.id': policyVersion,
    'gen_ai.guardrail.risk.category': category === '' ? undefined : category,
    'gen_ai.guardrail.risk.score': score,
    'gpt4video.guardrail.threshold': threshold,
  };
}
