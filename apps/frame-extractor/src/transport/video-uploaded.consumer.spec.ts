import { decodeFact, encodeFact } from '@gpt4video/contracts/event-codec';
import { FactPublisher } from '@gpt4video/platform/fact-publisher';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { DomainError } from '@gpt4video/ports/errors';
import { ManualClock } from '@gpt4video/testing/fakes/manual-clock';
import { RecordingEventBus } from '@gpt4video/testing/fakes/recording-event-bus';
import type { ExtractFramesService } from '../core/extract-frames.service.js';
import type { FrameSet } from '../core/frame-set.js';
import { VideoUploadedConsumer } from './video-uploaded.consumer.js';

const never = new AbortController().signal;
const VIDEO = ref('uploads/v');
const OWN = { shadow: false, thresholds: {}, frameThreshold: 0.6 };
const SET: FrameSet = {
  understanding: ref('u'),
  screening: ref('s'),
  thumbnail: ref('t'),
  stills: [ref('still-0')],
  facts: { container: 'mp4', codec: 'h264', width: 8, height: 4, durationMs: 1_000, frameCount: 25, frameRate: 25 },
  understandingTimestampsMs: [120],
  screeningTimestampsMs: [0, 40],
};

function ref(key: string): AssetRef {
  return { bucket: 'b', key, sha256: 'a'.repeat(64), bytes: 3, mediaType: 'video/mp4' };
}

function consumerOf(extract: (video: AssetRef) => Promise<FrameSet>) {
  const bus = new RecordingEventBus();
  const consumer = new VideoUploadedConsumer({ extract } as unknown as ExtractFramesService, new FactPublisher(bus, new ManualClock(), 'frame-extractor'));
  const uploaded = (fileId = 'file_1') => encodeFact('video.uploaded', { fileId, video: VIDEO, own: OWN }, { id: 'fact-1', source: 'gateway', timeMs: 1 });
  return { bus, consumer, uploaded };
}

describe('VideoUploadedConsumer', () => {
  it('tells what was sampled', async () => {
    const { bus, consumer, uploaded } = consumerOf(async () => await Promise.resolve(SET));
    expect(await consumer.handle(uploaded(), never)).toBe('done');
    const [fact] = bus.facts;
    if (fact === undefined) throw new Error('no fact');
    const message = decodeFact('frames.extracted', fact);
    expect(message).toMatchObject({ fileId: 'file_1', video: VIDEO, own: OWN });
    expect(message.frames).toEqual({ ...SET, understandingTimestampsMs: [120], screeningTimestampsMs: [0, 40] });
    expect(fact.key).toBe(VIDEO.sha256);
  });

  it('emits the same fact id when the upload is delivered again', async () => {
    const { bus, consumer, uploaded } = consumerOf(async () => await Promise.resolve(SET));
    await consumer.handle(uploaded(), never);
    await consumer.handle(uploaded(), never);
    expect(bus.facts).toHaveLength(2);
    expect(bus.facts[1]?.id).toBe(bus.facts[0]?.id);
    expect(bus.facts[0]?.id).not.toBe('fact-1');
  });

  it.each(['invalid_video', 'unsupported_media', 'video_too_long', 'video_too_large'] as const)('rejects the video for good on %s', async (code) => {
    const { bus, consumer, uploaded } = consumerOf(async () => await Promise.reject(new DomainError(code, 'Export it again as MP4.')));
    expect(await consumer.handle(uploaded(), never)).toBe('done');
    await consumer.handle(uploaded(), never);
    expect(bus.facts.map((fact) => fact.topic)).toEqual(['video.rejected', 'video.rejected']);
    expect(bus.facts[1]?.id).toBe(bus.facts[0]?.id);
    const [fact] = bus.facts;
    if (fact === undefined) throw new Error('no fact');
    expect(decodeFact('video.rejected', fact)).toMatchObject({ stage: 'frame-extractor', code, message: 'Export it again as MP4.' });
  });

  it.each(['unavailable', 'internal', 'cancelled'] as const)('leaves %s to another attempt', async (code) => {
    const { bus, consumer, uploaded } = consumerOf(async () => await Promise.reject(new DomainError(code, 'Later.')));
    await expect(consumer.handle(uploaded(), never)).rejects.toMatchObject({ code });
    expect(bus.facts).toEqual([]);
  });

  it('refuses a fact that names no file', async () => {
    const { consumer, uploaded } = consumerOf(async () => await Promise.resolve(SET));
    await expect(consumer.handle(uploaded(''), never)).rejects.toMatchObject({ code: 'invalid_request', param: 'file_id' });
  });
});
