import { DataType } from '@gpt4video/contracts/gen/gpt4video/tensor/v1/tensor';
import { Stage, type Verdict } from '@gpt4video/contracts/gen/gpt4video/safety/v1/safety_service';
import { decisionOf, sampleToWire } from './safety.mapper.js';

const VERDICT: Verdict = { allowed: false, category: 'sexual', score: 0.9, threshold: 0.5, policyVersion: '1', scores: {}, flagged: ['sexual'], stage: Stage.STAGE_FILM };

it('sends frames with their shape as a film', () => {
  const wire = sampleToWire({ pixels: new Uint8Array(24), width: 2, height: 1, timestampsMs: [0, 1, 2, 3] });
  expect(wire).toMatchObject({ frames: { dataType: DataType.DATA_TYPE_UINT8, shape: [4, 1, 2, 3] }, timestampsMs: [0, 1, 2, 3], stage: Stage.STAGE_FILM });
});

it('takes the verdict as it is', () => {
  expect(decisionOf({ verdict: VERDICT, frames: [] })).toEqual({ allowed: false, category: 'sexual', score: 0.9, threshold: 0.5, stage: 'film', policyVersion: '1' });
});

it('treats an answer without a verdict as none', () => {
  expect(() => decisionOf({ verdict: undefined, frames: [] })).toThrow(expect.objectContaining({ code: 'screening_unavailable' }));
});
