import { decodeSafetensors } from '@gpt4video/model/tensor/safetensors';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { DomainError } from '@gpt4video/ports/errors';
import { ImageCodec, type Picture } from '@gpt4video/ports/image-codec';
import { VideoCodec, type DecodedFrame, type DecodedVideo, type DecodeRequest } from '@gpt4video/ports/video-codec';
import { MemoryObjectStore } from '@gpt4video/testing/fakes/memory-object-store';
import { ExtractFramesService } from './extract-frames.service.js';
import { FrameLibrary } from './frame-library.js';
import { artifactsOf } from './frame-set.js';
import type { FrameSettings } from './frame-settings.js';

const FRAMES = 100;
const FACTS = { container: 'mp4', codec: 'h264', width: 8, height: 4, durationMs: 4_000, frameCount: FRAMES, frameRate: 25 };
const SETTINGS: FrameSettings = {
  revision: '1-test',
  understanding: { frames: 4, size: 4, resize: 'squash', interpolation: 'bicubic' },
  screening: { frames: 10, size: 6, resize: 'squash', interpolation: 'bilinear' },
  maxSide: 8,
  limits: { maxDurationMs: 60_000, maxPixels: 1_000, maxStreams: 8, maxFrames: 1_000, maxWorkMs: 1_000 },
};
const never = new AbortController().signal;

/** A video whose frame `i` is a flat grey of level `i`, at 40 ms a frame. */
class GreyCodec extends VideoCodec {
  decodes = 0;
  fault: Error | undefined;

  override async probe(): Promise<typeof FACTS> {
    return await Promise.resolve(FACTS);
  }

  override async decode(_path: string, request: DecodeRequest, signal: AbortSignal): Promise<DecodedVideo> {
    this.decodes += 1;
    await new Promise((resolve) => setImmediate(resolve));
    if (this.fault !== undefined) throw this.fault;
    if (signal.aborted) throw new DomainError('cancelled', 'Cancelled.');
    return { facts: FACTS, selections: request.choosers.map((choose) => choose(FRAMES).map(grey)) };
  }

  override async encodeMp4(): Promise<Uint8Array> {
    return await Promise.reject(new Error('not asked for'));
  }
}

/** Encodes a picture as its format and first byte. */
class TinyImages extends ImageCodec {
  override async encode(picture: Picture, format: string): Promise<Uint8Array> {
    return await Promise.resolve(new TextEncoder().encode(`${format}:${picture.pixels[0]}`));
  }

  override async grid(): Promise<Uint8Array> {
    return await Promise.reject(new Error('not asked for'));
  }

  override async decode(): Promise<Picture> {
    return await Promise.reject(new Error('not asked for'));
  }
}

function grey(index: number): DecodedFrame {
  return { pixels: new Uint8Array(8 * 4 * 3).fill(index), width: 8, height: 4, timestampMs: index * 40, index };
}

async function setUp() {
  const store = new MemoryObjectStore();
  const codec = new GreyCodec();
  const answers: string[] = [];
  const counted = { frames: 0 };
  const video = await store.put('uploads/v', new Uint8Array([1, 2, 3]), { mediaType: 'video/mp4' });
  const library = new FrameLibrary(store, new TinyImages(), SETTINGS);
  const service = new ExtractFramesService(store, codec, library, SETTINGS, { answered: (how) => answers.push(how), decoded: (count) => void (counted.frames += count) });
  return { store, codec, answers, counted, video, service };
}

async function framesIn(store: MemoryObjectStore, ref: AssetRef) {
  const { frames } = decodeSafetensors(await store.read(ref));
  if (frames === undefined) throw new Error('no frames');
  return frames;
}

describe('ExtractFramesService', () => {
  it('samples by the paper’s rule, in order, from one decode pass', async () => {
    const { store, codec, service, video } = await setUp();
    const set = await service.extract(video, never);
    const understanding = await framesIn(store, set.understanding);
    expect(understanding.shape).toEqual([4, 4, 4, 3]);
    expect([0, 1, 2, 3].map((frame) => understanding.data[frame * 48])).toEqual([12, 37, 62, 86]);
    expect(set.understandingTimestampsMs).toEqual([480, 1480, 2480, 3440]);
    const screening = await framesIn(store, set.screening);
    expect(screening.shape).toEqual([10, 6, 6, 3]);
    expect(set.screeningTimestampsMs).toHaveLength(10);
    expect(set.facts).toEqual(FACTS);
    expect(codec.decodes).toBe(1);
  });

  it('stores pictures for people: the middle frame and every understanding frame', async () => {
    const { store, service, video } = await setUp();
    const set = await service.extract(video, never);
    const texts = await Promise.all([set.thumbnail, ...set.stills].map(async (ref) => new TextDecoder().decode(await store.read(ref))));
    expect(texts).toEqual(['webp:62', 'jpeg:12', 'jpeg:37', 'jpeg:62', 'jpeg:86']);
    expect(set.thumbnail.mediaType).toBe('image/webp');
  });

  it('answers from the store without decoding again', async () => {
    const { codec, service, video, answers, counted } = await setUp();
    const first = await service.extract(video, never);
    expect(await service.extract(video, never)).toEqual(first);
    expect(codec.decodes).toBe(1);
    expect(answers).toEqual(['computed', 'hit']);
    expect(counted.frames).toBe(SETTINGS.understanding.frames + SETTINGS.screening.frames);
  });

  it('decodes once for two who ask at the same time', async () => {
    const { codec, service, video } = await setUp();
    const [a, b] = await Promise.all([service.extract(video, never), service.extract(video, never)]);
    expect(a).toEqual(b);
    expect(codec.decodes).toBe(1);
  });

  it('makes the set again when one of its artifacts is gone', async () => {
    const { store, codec, service, video } = await setUp();
    const first = await service.extract(video, never);
    await store.delete(first.screening.key);
    const again = await service.extract(video, never);
    expect(codec.decodes).toBe(2);
    expect(again).toEqual(first);
    for (const ref of artifactsOf(again)) expect(await store.head(ref.key)).toBeDefined();
  });

  it('makes the set again when the set itself is damaged', async () => {
    const { store, codec, service, video } = await setUp();
    await service.extract(video, never);
    store.corrupt(`${video.sha256}/frames/1-test/frame-set.json`);
    await service.extract(video, never);
    await service.extract(video, never);
    expect(codec.decodes).toBe(2);
  });

  it('says that the video is gone when its bytes are', async () => {
    const { store, service, video } = await setUp();
    await store.delete(video.key);
    await expect(service.extract(video, never)).rejects.toMatchObject({ code: 'artifact_missing' });
  });

  it('stores nothing of a video that does not decode', async () => {
    const { store, codec, service, video } = await setUp();
    codec.fault = new DomainError('invalid_video', 'Not a video; send one.');
    await expect(service.extract(video, never)).rejects.toMatchObject({ code: 'invalid_video' });
    expect(store.puts).toEqual([video.key]);
  });
});
