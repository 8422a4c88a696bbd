import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import { Metrics } from '@gpt4video/platform/metrics';
import { startTracing, type Tracing } from '@gpt4video/platform/start-tracing';
import { DomainError } from '@gpt4video/ports/errors';
import type { StagedVerdict } from '../core/screening.js';
import { SafetyMetrics } from '../metrics.js';
import { Guardrail } from './guardrail.js';

const verdict = (allowed: boolean, score: number): StagedVerdict => ({ allowed, category: allowed ? '' : 'violence', score, threshold: 0.5, policyVersion: 'p1', scores: {}, flagged: [], stage: 'caption' });

describe('a guardrail span', () => {
  const exporter = new InMemorySpanExporter();
  let tracing: Tracing;
  beforeAll(() => {
    tracing = startTracing({ app: 'safety', spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  });
  afterEach(() => exporter.reset());
  afterAll(() => tracing.shutdown());

  const run = (screen: () => Promise<StagedVerdict[]>, metrics = new Metrics()) =>
    new Guardrail(new SafetyMetrics(metrics)).run({ kind: 'text', stage: 'caption', screen, verdictsOf: (answer) => answer });
  const told = () => exporter.getFinishedSpans().map(({ name, attributes }) => ({ name, ...attributes }));

  it('tells the verdict that decides: the first refusal', async () => {
    await run(async () => [verdict(true, 0.4), verdict(false, 0.9), verdict(true, 0.1)]);
    expect(told()).toEqual([
      {
        name: 'run_guardrail text',
        'gen_ai.guardrail.target.type': 'input',
        'gen_ai.guardrail.verdict.type': 'deny',
        'gen_ai.guardrail.action.type': 'block',
        'gen_ai.guardrail.policy.id': 'p1',
        'gen_ai.guardrail.risk.category': 'violence',
        'gen_ai.guardrail.risk.score': 0.9,
        'gpt4video.guardrail.stage': 'caption',
        'gpt4video.guardrail.threshold': 0.5,
      },
    ]);
  });

  it('tells the highest score of what may pass', async () => {
    await run(async () => [verdict(true, 0.1), verdict(true, 0.4)]);
    expect(told()).toMatchObject([{ 'gen_ai.guardrail.verdict.type': 'allow', 'gen_ai.guardrail.action.type': 'pass', 'gen_ai.guardrail.risk.score': 0.4 }]);
  });

  it('blocks, counts and tells no verdict when there is none', async () => {
    const metrics = new Metrics();
    await expect(run(() => Promise.reject(new DomainError('screening_unavailable', 'No.')), metrics)).rejects.toMatchObject({ code: 'screening_unavailable' });
    await expect(run(() => Promise.reject(new DomainError('cancelled', 'Left.')), metrics)).rejects.toMatchObject({ code: 'cancelled' });
    expect(told()[0]).toMatchObject({ 'gen_ai.guardrail.action.type': 'block', 'error.type': 'screening_unavailable' });
    expect(told()[0]).not.toHaveProperty(['gen_ai.guardrail.verdict.type']);
    expect(await metrics.text()).toContain('gpt4video_safety_fail_closed_total{stage="caption"} 1');
  });
});
