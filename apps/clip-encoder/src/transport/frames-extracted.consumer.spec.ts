import { decodeFact, encodeFact } from '@gpt4video/contracts/event-codec';
import type { FrameSet } from '@gpt4video/contracts/gen/gpt4video/frames/v1/frames_service';
import { FactPublisher } from '@gpt4video/platform/fact-publisher';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { ManualClock } from '@gpt4video/testing/fakes/manual-clock';
import { RecordingEventBus } from '@gpt4video/testing/fakes/recording-event-bus';
import type { EncodeVideoService } from '../core/encode-video.service.js';
import { FramesExtractedConsumer } from './frames-extracted.consumer.js';

const never = new AbortController().signal;

function ref(key: string): AssetRef {
  return { bucket: 'b', key, sha256: 'a'.repeat(64), bytes: 3, mediaType: 'application/octet-stream' };
}

function setUp(understanding: AssetRef | undefined = ref('understanding')) {
  const bus = new RecordingEventBus();
  const asked: unknown[] = [];
  const encode = async (video: AssetRef, _signal: AbortSignal, frames: AssetRef): Promise<AssetRef> => {
    asked.push([video.key, frames.key]);
    return await Promise.resolve(ref('features'));
  };
  const consumer = new FramesExtractedConsumer({ encode } as unknown as EncodeVideoService, new FactPublisher(bus, new ManualClock(), 'clip-encoder'));
  const frames: FrameSet = { understanding, screening: ref('s'), thumbnail: ref('t'), facts: undefined, understandingTimestampsMs: [], screeningTimestampsMs: [], stills: [] };
  const fact = encodeFact('frames.extracted', { fileId: 'file_1', video: ref('uploads/v'), frames, own: undefined }, { id: 'fact-1', source: 'frame-extractor', timeMs: 1 });
  return { bus, consumer, fact, asked };
}

describe('FramesExtractedConsumer', () => {
  it('encodes the frames that the fact names and tells of the features', async () => {
    const { bus, consumer, fact, asked } = setUp();
    expect(await consumer.handle(fact, never)).toBe('done');
    expect(asked).toEqual([['uploads/v', 'understanding']]);
    const [emitted] = bus.facts;
    if (emitted === undefined) throw new Error('no fact');
    expect(decodeFact('features.encoded', emitted)).toEqual({ fileId: 'file_1', video: ref('uploads/v'), features: ref('features') });
  });

  it('emits the same fact id when the fact is delivered again', async () => {
    const { bus, consumer, fact } = setUp();
    await consumer.handle(fact, never);
    await consumer.handle(fact, never);
    expect(new Set(bus.facts.map(({ id }) => id)).size).toBe(1);
  });

  it('does not settle before the emitted fact is safe', async () => {
    const { bus, consumer, fact } = setUp();
    bus.failure = new Error('the broker is away');
    await expect(consumer.handle(fact, never)).rejects.toThrow('the broker is away');
  });

  it('refuses a fact whose frames name no artifact', async () => {
    const { consumer, fact } = setUp({ ...ref(''), key: '' });
    await expect(consumer.handle(fact, never)).rejects.toMatchObject({ code: 'invalid_request', param: 'frames.understanding.key' });
  });
});
