import { DomainError } from '@gpt4video/ports/errors';
import type { NamedTensor, RunOptions, TensorMap, TensorSpec } from '@gpt4video/ports/model-session';
import { DecisionLog } from './decision-log.js';
import { FrameScorer } from './frame-scorer.js';
import { ImageSafetyModel, SafetyTokenizer, TextEmbeddingModel, TextSafetyModel } from './safety-models.js';
import type { SafetySettings } from './safety-settings.js';
import { ScreenFramesService } from './screen-frames.service.js';
import { ScreenTextService } from './screen-text.service.js';
import type { StagedVerdict } from './screening.js';
import { TextScorer } from './text-scorer.js';

const [OPEN, CLOSE, BAD, WORSE] = [101, 102, 66, 87];
const SETTINGS: SafetySettings = {
  policyVersion: 'p1',
  categories: ['violence', 'sexual'],
  thresholds: { violence: 0.5, sexual: 0.8 },
  embeddingWidth: 2,
  states: undefined,
  wide: { size: 12, overlap: 4 },
  narrow: { size: 6, overlap: 2 },
  imageSize: 2,
  imageThreshold: 0.5,
  imageFrames: 10,
  maxFlagged: 4,
};
const never = new AbortController().signal;

/** One id per character, framed as BERT frames its text. */
class Letters extends SafetyTokenizer {
  override encode(text: string, { special }: { readonly special: boolean }): readonly number[] {
    const ids = special && text === '[CLS][SEP]' ? [OPEN, CLOSE] : [...text].map((letter) => letter.charCodeAt(0));
    return [OPEN, ...ids, CLOSE];
  }

  override bytesOf(): Uint8Array {
    return new Uint8Array();
  }
}

/** Embeds the share of the letters B and W in a window. */
class ShareOfBadLetters extends TextEmbeddingModel {
  override readonly execution = { provider: 'cpu' } as const;
  override readonly inputs = [];
  override readonly outputs = [];
  readonly windows: number[][] = [];
  fault: Error | undefined;

  override async run({ input_ids }: TensorMap): Promise<TensorMap> {
    if (this.fault !== undefined) throw this.fault;
    const ids = Array.from(input_ids?.data as BigInt64Array, Number);
    this.windows.push(ids);
    const share = (letter: number | undefined): number => ids.filter((id) => id === letter).length / (ids.length - 2);
    return await Promise.resolve({ sentence_vec: { shape: [1, 2], data: Float32Array.of(share(BAD), share(WORSE)) } });
  }

  override async close(): Promise<void> {
    await Promise.resolve();
  }
}

class PassOn extends TextSafetyModel {
  override readonly execution = { provider: 'cpu' } as const;
  override readonly inputs = [];
  override readonly outputs = [];
  answer: NamedTensor | undefined;

  override async run({ sentence_vec }: TensorMap): Promise<TensorMap> {
    const scores = this.answer ?? sentence_vec;
    const none: TensorMap = {};
    return await Promise.resolve(scores === undefined ? none : { scores });
  }

  override async close(): Promise<void> {
    await Promise.resolve();
  }
}

/** The score of a frame is its red value in hundredths; 255 stands for an answer that is no number. */
class RedDetector extends ImageSafetyModel {
  override readonly execution = { provider: 'cpu' } as const;
  override readonly inputs: readonly TensorSpec[] = [{ name: 'in', type: 'float32', shape: ['N', 2, 2, 3] }];
  override readonly outputs: readonly TensorSpec[] = [{ name: 'out', type: 'float32', shape: ['N', 2] }];
  runs = 0;
  afterRun: () => void = () => undefined;

  override async run(inputs: TensorMap): Promise<TensorMap> {
    this.runs += 1;
    // Channels are blue, green, red with the mean of the data set subtracted.
    const red = Math.round(Number(inputs['in']?.data[2]) + 123);
    this.afterRun();
    const score = red === 255 ? Number.NaN : red / 100;
    return await Promise.resolve({ out: { shape: [1, 2], data: Float32Array.of(1 - score, score) } });
  }

  override async close(): Promise<void> {
    await Promise.resolve();
  }
}

class Decisions extends DecisionLog {
  readonly verdicts: StagedVerdict[] = [];
  readonly shadows: StagedVerdict[] = [];

  override record(verdict: StagedVerdict): void {
    this.verdicts.push(verdict);
  }

  override shadowed(_: StagedVerdict, shadow: StagedVerdict): void {
    this.shadows.push(shadow);
  }
}

function texts() {
  const embedding = new ShareOfBadLetters();
  const head = new PassOn();
  const log = new Decisions();
  return { embedding, head, log, service: new ScreenTextService(new TextScorer(new Letters(), embedding, head, SETTINGS), SETTINGS, log) };
}

function frames() {
  const detector = new RedDetector();
  const log = new Decisions();
  return { detector, log, service: new ScreenFramesService(new FrameScorer(detector, SETTINGS), SETTINGS, log) };
}

function batch(levels: readonly number[]) {
  const pixels = Uint8Array.from(levels.flatMap((level) => Array.from({ length: 2 * 2 * 3 }, () => level)));
  return { pixels, width: 2, height: 2, timestampsMs: levels.map((_, index) => index * 100) };
}

describe('ScreenTextService', () => {
  it('judges every text by itself, in order, and records each decision', async () => {
    const { service, log } = texts();
    const verdicts = await service.screen(['good', 'BBBx', 'WWWW'], { stage: 'input' }, never);
    expect(verdicts.map(({ allowed, category, stage }) => [allowed, category, stage])).toEqual([
      [true, '', 'input'],
      [false, 'violence', 'input'],
      [false, 'sexual', 'input'],
    ]);
    expect(verdicts[1]).toMatchObject({ score: 0.75, threshold: 0.5, policyVersion: 'p1' });
    expect(log.verdicts).toEqual(verdicts);
  });

  it('judges by a tenant’s thresholds, or records beside the decision what they would have said', async () => {
    const { service, log } = texts();
    const thresholds = { violence: 0.9, sexual: 0.2 };
    const [inForce] = await service.screen(['BBBx'], { stage: 'input', own: { shadow: false, thresholds } }, never);
    expect(inForce).toMatchObject({ allowed: true, policyVersion: 'p1+tenant' });
    const [byPolicy] = await service.screen(['BBBx'], { stage: 'input', own: { shadow: true, thresholds } }, never);
    expect(byPolicy).toMatchObject({ allowed: false, policyVersion: 'p1' });
    expect(log.verdicts).toEqual([inForce, byPolicy]);
    expect(log.shadows).toEqual([expect.objectContaining({ allowed: true, policyVersion: 'p1+tenant', stage: 'input' })]);
  });

  it('gives the head the states of the tokens, and a mask, when the bundle says so', async () => {
    const { states, tensor } = { states: { shape: [1, 4, 3], data: new Float32Array(12).fill(0.25) }, tensor: 'inner' };
    const asked: (readonly string[] | undefined)[] = [];
    const fed: TensorMap[] = [];
    const embedding = Object.assign(new ShareOfBadLetters(), {
      run: async (_: TensorMap, options?: RunOptions): Promise<TensorMap> => (asked.push(options?.outputs), await Promise.resolve({ [tensor]: states })),
    });
    const head = Object.assign(new PassOn(), {
      run: async (inputs: TensorMap): Promise<TensorMap> => (fed.push(inputs), await Promise.resolve({ scores: { shape: [1, 2], data: Float32Array.of(0.75, 0.5) } })),
    });
    const scorer = new TextScorer(new Letters(), embedding, head, { ...SETTINGS, states: { tensor, width: 3 } });
    expect(await scorer.score('ab', never)).toEqual({ violence: 0.75, sexual: 0.5 });
    expect(asked).toEqual([[tensor]]);
    expect(fed).toEqual([{ states, mask: { shape: [1, 4], data: new Float32Array(4).fill(1) } }]);
    await expect(scorer.score('abc', never)).rejects.toMatchObject({ message: expect.stringContaining(tensor) });
  });

  it('refuses at the threshold itself', async () => {
    const { service } = texts();
    expect((await service.screen(['BBxx', 'BBxxx'], { stage: 'caption' }, never)).map(({ allowed }) => allowed)).toEqual([false, true]);
  });

  it('finds what is bad anywhere in a long text: windows overlap and the worst one decides', async () => {
    const { service, embedding } = texts();
    const [verdict] = await service.screen(['goodgoodBBBBgoodgoodgood'], { stage: 'output' }, never);
    expect(verdict).toMatchObject({ allowed: false, category: 'violence' });
    expect(embedding.windows.length).toBeGreaterThan(3);
    expect(embedding.windows.every((ids) => ids.length <= 14 && ids[0] === OPEN && ids.at(-1) === CLOSE)).toBe(true);
  });

  it('finds a bad sentence that drowns in its surroundings', async () => {
    const { service } = texts();
    const [verdict] = await service.screen(['goodgood. BBB. goodgood.'], { stage: 'output' }, never);
    expect(verdict).toMatchObject({ allowed: false, category: 'violence', score: Math.fround(0.6) });
  });

  it('lets an empty text pass', async () => {
    const { service } = texts();
    expect((await service.screen([''], { stage: 'output' }, never))[0]).toMatchObject({ allowed: true });
  });

  it('fails closed when the model fails', async () => {
    const { service, embedding, log } = texts();
    embedding.fault = new DomainError('internal', 'The model is broken.');
    await expect(service.screen(['good'], { stage: 'input' }, never)).rejects.toMatchObject({ code: 'screening_unavailable' });
    expect(log.verdicts).toEqual([]);
  });

  it.each([
    ['no scores', undefined],
    ['too few scores', { shape: [1, 1], data: Float32Array.of(0) }],
  ])('fails closed on %s', async (_, answer) => {
    const { service, head } = texts();
    head.answer = answer ?? { shape: [1, 0], data: new Float32Array(0) };
    await expect(service.screen(['good'], { stage: 'input' }, never)).rejects.toMatchObject({ code: 'screening_unavailable' });
  });

  it('refuses on a score that is no number', async () => {
    const { service, head } = texts();
    head.answer = { shape: [1, 2], data: Float32Array.of(Number.NaN, 0) };
    expect((await service.screen(['good'], { stage: 'input' }, never))[0]).toMatchObject({ allowed: false, category: 'violence' });
  });

  it('passes a cancellation on as such', async () => {
    const { service, embedding } = texts();
    embedding.fault = new DomainError('cancelled', 'Cancelled.');
    await expect(service.screen(['good'], { stage: 'input' }, never)).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('ScreenFramesService', () => {
  it.each([
    [4, true],
    [5, false],
  ])('with %i of ten frames flagged answers allowed = %s', async (flagged, allowed) => {
    const { service, log } = frames();
    const levels = Array.from({ length: 10 }, (_, index) => (index < flagged ? 50 : 49));
    const { verdict, frames: each } = await service.screen(batch(levels), { stage: 'film' }, never);
    expect(verdict).toMatchObject({ allowed, stage: 'film', policyVersion: 'p1' });
    expect(each.filter((frame) => frame.flagged)).toHaveLength(flagged);
    expect(each.map((frame) => frame.timestampMs)).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900]);
    expect(each.map((frame) => Math.round(frame.score * 100))).toEqual(levels);
    expect(log.verdicts).toEqual([verdict]);
  });

  it('judges by a tenant’s threshold for frames, or records beside the decision what it would have said', async () => {
    const { service, log } = frames();
    const levels = [40, 40, 40, 40, 40, 0, 0, 0, 0, 0];
    const strict = { thresholds: {}, frameThreshold: 0.4 };
    expect((await service.screen(batch(levels), { stage: 'film', own: { shadow: false, ...strict } }, never)).verdict).toMatchObject({ allowed: false, category: 'sexual', policyVersion: 'p1+tenant' });
    const shadow = await service.screen(batch(levels), { stage: 'film', own: { shadow: true, ...strict } }, never);
    expect([shadow.verdict.allowed, shadow.frames.some(({ flagged }) => flagged)]).toEqual([true, false]);
    expect(log.shadows).toEqual([expect.objectContaining({ allowed: false, stage: 'film' })]);
  });

  it('does not judge by fewer frames than the rule speaks of', async () => {
    const { service, detector } = frames();
    await expect(service.screen(batch([1, 2, 3]), { stage: 'film' }, never)).rejects.toMatchObject({ code: 'invalid_request', param: 'frames' });
    expect(detector.runs).toBe(0);
  });

  it('fails closed when one frame gets no score', async () => {
    const { service, log } = frames();
    await expect(service.screen(batch([0, 0, 0, 0, 0, 0, 0, 0, 0, 255]), { stage: 'film' }, never)).rejects.toMatchObject({ code: 'screening_unavailable' });
    expect(log.verdicts).toEqual([]);
  });

  it('stops between frames when the caller leaves', async () => {
    const { service, detector } = frames();
    const caller = new AbortController();
    detector.afterRun = () => caller.abort(new DomainError('cancelled', 'The caller left.'));
    await expect(service.screen(batch(new Array<number>(10).fill(0)), { stage: 'film' }, caller.signal)).rejects.toMatchObject({ code: 'cancelled' });
    expect(detector.runs).toBe(1);
  });
});
