import { Stage, type ScreenFramesRequest } from '@gpt4video/contracts/gen/gpt4video/safety/v1/safety_service';
import { DataType } from '@gpt4video/contracts/gen/gpt4video/tensor/v1/tensor';
import type { StagedVerdict } from '../core/screening.js';
import { batchOf, safetyDecided, textsOf, verdictToWire } from './safety.mapper.js';
import { stageOf } from './stage.mapper.js';

const FRAMES = { dataType: DataType.DATA_TYPE_UINT8, shape: [2, 1, 2, 3], data: Buffer.alloc(12, 7) };
const REQUEST: ScreenFramesRequest = { frames: FRAMES, timestampsMs: [0, 40], stage: Stage.STAGE_FILM, own: undefined };
const VERDICT: StagedVerdict = { allowed: false, category: 'violence', score: 0.75, threshold: 0.5, policyVersion: 'p1', scores: { violence: 0.75 }, flagged: ['violence'], stage: 'caption' };

describe('requests', () => {
  it('reads frames with their size', () => {
    expect(batchOf(REQUEST)).toMatchObject({ width: 2, height: 1, timestampsMs: [0, 40] });
  });

  it.each([
    ['frames', { frames: undefined }],
    ['frames.data_type', { frames: { ...FRAMES, dataType: DataType.DATA_TYPE_FLOAT32 } }],
    ['frames.shape', { frames: { ...FRAMES, shape: [2, 2, 3] } }],
    ['frames.shape', { frames: { ...FRAMES, shape: [2, 1, 3, 2] } }],
    ['frames.shape', { frames: { ...FRAMES, shape: [-2, -1, 2, 3] } }],
    ['frames.data', { frames: { ...FRAMES, data: Buffer.alloc(11) } }],
    ['timestamps_ms', { timestampsMs: [0] }],
  ])('refuses bad %s', (param, changes) => {
    expect(() => batchOf({ ...REQUEST, ...changes })).toThrow(expect.objectContaining({ code: 'invalid_request', param }));
  });

  it.each([[[]], [Array.from({ length: 257 }, () => 'x')]])('refuses no texts and too many', (texts) => {
    expect(() => textsOf({ texts, stage: Stage.STAGE_INPUT, own: undefined })).toThrow(expect.objectContaining({ param: 'texts' }));
  });

  it.each([Stage.STAGE_UNSPECIFIED, 9 as Stage])('refuses stage %s', (stage) => {
    expect(() => stageOf(stage)).toThrow(expect.objectContaining({ code: 'invalid_request', param: 'stage' }));
  });
});

describe('verdicts', () => {
  it('go on the wire whole', () => {
    expect(verdictToWire(VERDICT)).toEqual({ ...VERDICT, stage: Stage.STAGE_CAPTION });
  });

  it('become facts without content or further scores', () => {
    expect(safetyDecided(VERDICT)).toEqual({ stage: 'caption', allowed: false, category: 'violence', score: 0.75, threshold: 0.5, policyVersion: 'p1' });
  });
});
