import { encodeSafetensors } from '@gpt4video/model/tensor/safetensors';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { DomainError } from '@gpt4video/ports/errors';
import { MemoryObjectStore } from '@gpt4video/testing/fakes/memory-object-store';
import type { FrameBatch, ScreenFramesService } from './screen-frames.service.js';
import { ScreenVideoService } from './screen-video.service.js';
import type { Standing, VideoVerdict } from './screening.js';
import { ScreeningFrameSource, type ScreeningFrames } from './screening-frame-source.js';

const VIDEO: AssetRef = { bucket: 'b', key: 'uploads/a', sha256: 'a'.repeat(64), bytes: 3, mediaType: 'video/mp4' };
const VERDICT: VideoVerdict = {
  verdict: { allowed: true, category: '', score: 0.1, threshold: 0.5, policyVersion: 'p1', scores: {}, flagged: [], stage: 'input' },
  frames: [],
};
const never = new AbortController().signal;

class StoredFrames extends ScreeningFrameSource {
  asks = 0;
  fault: Error | undefined;

  constructor(private readonly store: MemoryObjectStore) {
    super();
  }

  override async framesOf(): Promise<ScreeningFrames> {
    this.asks += 1;
    if (this.fault !== undefined) throw this.fault;
    const bytes = encodeSafetensors({ frames: { shape: [2, 1, 1, 3], data: Uint8Array.of(1, 1, 1, 2, 2, 2) } });
    return { artifact: await this.store.put('screening', bytes, { mediaType: 'application/vnd.safetensors' }), timestampsMs: [0, 40] };
  }
}

function setUp() {
  const store = new MemoryObjectStore();
  const source = new StoredFrames(store);
  const judged: (readonly [number, Standing])[] = [];
  const screen = async (batch: FrameBatch, standing: Standing): Promise<VideoVerdict> => {
    judged.push([batch.timestampsMs.length, standing]);
    return await Promise.resolve(VERDICT);
  };
  return { store, source, judged, service: new ScreenVideoService(store, source, { screen } as unknown as ScreenFramesService) };
}

describe('ScreenVideoService', () => {
  it('judges the stored frames as input, once for all who ask', async () => {
    const { source, judged, service } = setUp();
    await Promise.all([service.screen(VIDEO, never), service.screen(VIDEO, never)]);
    expect(await service.screen(VIDEO, never)).toBe(VERDICT);
    expect(judged).toEqual([[2, { stage: 'input' }]]);
    expect(source.asks).toBe(1);
  });

  it('tells judgements by different thresholds for frames apart', async () => {
    const { judged, service } = setUp();
    const own = (frameThreshold: number) => ({ own: { shadow: false, thresholds: {}, frameThreshold } });
    for (const hints of [{}, own(0.2), own(0.2), own(0.3)]) await service.screen(VIDEO, never, hints);
    expect(judged.map(([, standing]) => standing.own?.frameThreshold)).toEqual([undefined, 0.2, 0.3]);
  });

  it('has damaged frames made again', async () => {
    const { store, source, judged, service } = setUp();
    const frames = await source.framesOf();
    store.corrupt('screening');
    await service.screen(VIDEO, never, { frames });
    expect(source.asks).toBe(2);
    expect(judged).toHaveLength(1);
  });

  it.each(['unavailable', 'internal', 'artifact_corrupt'] as const)('fails closed when the frames end in %s', async (code) => {
    const { source, service } = setUp();
    source.fault = new DomainError(code, 'No frames.');
    await expect(service.screen(VIDEO, never)).rejects.toMatchObject({ code: 'screening_unavailable' });
  });

  it('passes on what is wrong with the file, and does not remember it', async () => {
    const { source, judged, service } = setUp();
    source.fault = new DomainError('invalid_video', 'Not a video.');
    await expect(service.screen(VIDEO, never)).rejects.toMatchObject({ code: 'invalid_video' });
    source.fault = undefined;
    await service.screen(VIDEO, never);
    expect(judged).toHaveLength(1);
  });
});
