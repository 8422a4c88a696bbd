import { decodeFact, encodeFact } from '@gpt4video/contracts/event-codec';
import { FactPublisher } from '@gpt4video/platform/fact-publisher';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { ManualClock } from '@gpt4video/testing/fakes/manual-clock';
import { RecordingEventBus } from '@gpt4video/testing/fakes/recording-event-bus';
import type { AbstractVideoService, VisualTokens } from '../core/abstract-video.service.js';
import { FeaturesEncodedConsumer } from './features-encoded.consumer.js';

const never = new AbortController().signal;

function ref(key: string): AssetRef {
  return { bucket: 'b', key, sha256: 'a'.repeat(64), bytes: 3, mediaType: 'application/octet-stream' };
}

function setUp() {
  const bus = new RecordingEventBus();
  const asked: unknown[] = [];
  const abstract = async (video: AssetRef, _signal: AbortSignal, features: AssetRef): Promise<VisualTokens> => {
    asked.push([video.key, features.key]);
    return await Promise.resolve({ tokens: new Float32Array(4), artifact: ref('tokens') });
  };
  const consumer = new FeaturesEncodedConsumer({ abstract } as unknown as AbstractVideoService, new FactPublisher(bus, new ManualClock(), 'abstractor'));
  const fact = encodeFact('features.encoded', { fileId: 'file_1', video: ref('uploads/v'), features: ref('features') }, { id: 'fact-1', source: 'clip-encoder', timeMs: 1 });
  return { bus, consumer, fact, asked };
}

describe('FeaturesEncodedConsumer', () => {
  it('condenses the features that the fact names and says that the video is understood', async () => {
    const { bus, consumer, fact, asked } = setUp();
    expect(await consumer.handle(fact, never)).toBe('done');
    expect(asked).toEqual([['uploads/v', 'features']]);
    const [emitted] = bus.facts;
    if (emitted === undefined) throw new Error('no fact');
    expect(decodeFact('video.understood', emitted)).toEqual({ fileId: 'file_1', video: ref('uploads/v'), tokens: ref('tokens') });
  });

  it('emits the same fact id when the fact is delivered again', async () => {
    const { bus, consumer, fact } = setUp();
    await consumer.handle(fact, never);
    await consumer.handle(fact, never);
    expect(new Set(bus.facts.map(({ id }) => id)).size).toBe(1);
  });
});
