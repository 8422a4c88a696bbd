import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FfmpegVideoCodec } from '@gpt4video/adapters/ffmpeg/ffmpeg-video-codec';
import type { DecodedFrame, DecodeLimits } from '@gpt4video/ports/video-codec';
import { colourAt, corners, drawnIndex, type VideoSpec, VideoZoo } from './video-zoo/video-zoo.js';

const LIMITS: DecodeLimits = { maxDurationMs: 60_000, maxPixels: 1920 * 1080, maxStreams: 8, maxFrames: 2000, maxWorkMs: 30_000 };
const never = new AbortController().signal;
const every = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const X264 = { encoder: 'libx264', options: { crf: '6' } } as const;

let zoo: VideoZoo;
const codec = new FfmpegVideoCodec();

beforeAll(async () => {
  zoo = await VideoZoo.open();
});
afterAll(async () => {
  codec.close();
  await zoo.close();
});

async function framesOf(path: string, choose: (count: number) => readonly number[] = every, maxSide = 4096): Promise<readonly DecodedFrame[]> {
  const { selections } = await codec.decode(path, { choosers: [choose], limits: LIMITS, maxSide }, never);
  return selections[0] ?? [];
}

describe('containers and codecs', () => {
  const plain: readonly [string, Omit<VideoSpec, 'path'>][] = [
    ['h264.mp4', X264],
    ['h264.mov', X264],
    ['h264.mkv', X264],
    ['h264.ts', X264],
    ['h264.flv', X264],
    ['hevc.mp4', { encoder: 'libx265', options: { crf: '6' } }],
    ['vp8.webm', { encoder: 'libvpx' }],
    ['vp9.webm', { encoder: 'libvpx-vp9' }],
    ['av1.mkv', { encoder: 'libsvtav1' }],
    ['mpeg4.avi', { encoder: 'mpeg4', bFrames: 0 }],
    ['mpeg4-b.mp4', { encoder: 'mpeg4', bFrames: 2 }],
    ['mpeg2.ts', { encoder: 'mpeg2video' }],
    ['mjpeg.avi', { encoder: 'mjpeg', range: 'pc', matrix: 'bt601' }],
    ['h263.3gp', { encoder: 'h263', width: 176, height: 144, matrix: 'bt601' }],
    ['ten-bit.mkv', { ...X264, pixels: 'yuv420p10le' }],
    ['full-chroma.mp4', { ...X264, pixels: 'yuv444p' }],
    ['ten-bit-full-chroma.mkv', { ...X264, pixels: 'yuv444p10le', width: 97, height: 63 }],
    ['fragmented.mp4', { ...X264, muxer: { movflags: 'frag_keyframe+empty_moov' } }],
  ];

  it.each(plain)('%s: every frame in its place, upright and in its colours', async (name, spec) => {
    const frames = await framesOf(await zoo.make(name, spec));
    expect(frames.map((frame) => frame.index)).toEqual(every(30));
    expect(frames.map(drawnIndex)).toEqual(every(30));
    expect(new Set(frames.map(corners))).toEqual(new Set(['red green blue yellow']));
    expect(new Set(frames.map(({ width, height }) => `${width}x${height}`))).toEqual(new Set([`${spec.width ?? 96}x${spec.height ?? 64}`]));
    expect(frames.at(-1)?.timestampMs).toBeGreaterThanOrEqual(1159);
    expect(frames.at(-1)?.timestampMs).toBeLessThanOrEqual(1161);
  }, 30_000);

  it('gif', async () => {
    const frames = await framesOf(await zoo.make('a.gif', { encoder: 'gif', pixels: 'bgr8' }));
    expect(frames).toHaveLength(30);
    expect(frames.map(corners)[29]).toBe('red green blue yellow');
  });
});

describe('geometry, colour and time', () => {
  it.each([
    ['a quarter turn clockwise', [0, 1, -1, 0], 'blue red yellow green', '64x96'],
    ['a quarter turn counter-clockwise', [0, -1, 1, 0], 'green yellow red blue', '64x96'],
    ['a half turn', [-1, 0, 0, -1], 'yellow blue green red', '96x64'],
    ['a mirror', [-1, 0, 0, 1], 'green red yellow blue', '96x64'],
    ['a quarter turn and a mirror', [0, 1, 1, 0], 'red blue green yellow', '64x96'],
  ] as const)('honours %s', async (name, display, expected, size) => {
    const path = await zoo.make(`${name.replaceAll(' ', '-')}.mp4`, { ...X264, frames: 2, display });
    const { facts, selections } = await codec.decode(path, { choosers: [every], limits: LIMITS, maxSide: 4096 }, never);
    expect(selections[0]?.map(corners)).toEqual([expected, expected]);
    expect(selections[0]?.map(({ width, height }) => `${width}x${height}`)[0]).toBe(size);
    expect(`${facts.width}x${facts.height}`).toBe(size);
  });

  it('widens pictures whose pixels are not square', async () => {
    const [frame] = await framesOf(await zoo.make('sar.mkv', { ...X264, sar: [2, 1], frames: 1 }));
    expect([frame?.width, frame?.height]).toEqual([192, 64]);
  });

  it('scales down to the longest side, never up', async () => {
    const path = await zoo.make('scale.mp4', { ...X264, frames: 1, width: 200, height: 100 });
    expect((await framesOf(path, every, 50)).map(({ width, height, pixels }) => [width, height, pixels.byteLength])).toEqual([[50, 25, 3750]]);
    expect((await framesOf(path, every, 500)).map(({ width, height }) => [width, height])).toEqual([[200, 100]]);
  });

  it.each([
    ['tv', 'bt601'],
    ['pc', 'bt601'],
    ['tv', 'bt709'],
    ['pc', 'bt709'],
  ] as const)('reads %s range and %s as the file says', async (range, matrix) => {
    const [frame] = await framesOf(await zoo.make(`${range}-${matrix}.mp4`, { ...X264, options: { qp: '1' }, pixels: 'yuv444p', frames: 1, range, matrix }));
    if (frame === undefined) throw new Error('no frame');
    for (const [x, expected] of [[0.1, [255, 0, 0]], [0.9, [0, 255, 0]]] as const) {
      for (const [channel, value] of colourAt(frame, x, 0.1).entries()) expect(Math.abs(value - (expected[channel] ?? 0))).toBeLessThanOrEqual(6);
    }
  });

  it('keeps the times of a variable frame rate, counted from the first frame', async () => {
    const times = [500, 600, 610, 900, 1500, 1540];
    const frames = await framesOf(await zoo.make('vfr.mkv', { ...X264, times, frames: 6 }));
    expect(frames.map((frame) => frame.timestampMs)).toEqual([0, 100, 110, 400, 1000, 1040]);
    expect(frames.map(drawnIndex)).toEqual(every(6));
  });
});

describe('long clips', () => {
  it('finds sparse frames by keyframe exactly, in one pass for all choosers', async () => {
    const path = await zoo.make('long.mp4', { ...X264, frames: 600, gop: 50, bFrames: 3 });
    const choosers = [(count: number) => [3, 149, 150, 151, 420, count - 1], () => [0, 3, 333], () => [7, 7]];
    const { facts, selections } = await codec.decode(path, { choosers, limits: LIMITS, maxSide: 96 }, never);
    expect(facts).toMatchObject({ frameCount: 600, durationMs: 24_000, width: 96, height: 64, codec: 'h264' });
    expect(facts.frameRate).toBeCloseTo(25, 3);
    expect(selections.map((selection) => selection.map(drawnIndex))).toEqual([[3, 149, 150, 151, 420, 599], [0, 3, 333], [7, 7]]);
    expect(selections[0]?.map((frame) => frame.timestampMs)).toEqual([120, 5960, 6000, 6040, 16_800, 23_960]);
  });

  it.each(['mp4', 'mkv', 'ts', 'avi'])('reads a stream that is too long to keep a second time: %s', async (container) => {
    const frugal = new FfmpegVideoCodec({ keptBytes: 1000 });
    const spec = container === 'avi' ? { encoder: 'mpeg4', bFrames: 0 } : X264;
    const path = await zoo.make(`twice.${container}`, { ...spec, frames: 200, gop: 25 });
    const wanted = [0, 24, 25, 110, 199];
    const { selections } = await frugal.decode(path, { choosers: [() => wanted], limits: LIMITS, maxSide: 96 }, never);
    frugal.close();
    expect(selections[0]?.map(drawnIndex)).toEqual(wanted);
    expect(selections[0]?.map((frame) => frame.index)).toEqual(wanted);
  });

  it('probes without decoding', async () => {
    const facts = await codec.probe(await zoo.make('probe.webm', { encoder: 'libvpx-vp9' }), LIMITS, never);
    expect(facts).toMatchObject({ container: 'matroska,webm', codec: 'vp9', frameCount: 30, width: 96, height: 64 });
  });
});

describe('files that are refused', () => {
  const refusal = (path: string, limits = LIMITS): Promise<unknown> => codec.decode(path, { choosers: [every], limits, maxSide: 64 }, never).catch((error: unknown) => error);
  const written = async (name: string, bytes: Uint8Array): Promise<string> => {
    await writeFile(join(zoo.folder, name), bytes);
    return join(zoo.folder, name);
  };
  const noise = Uint8Array.from({ length: 65_536 }, (_, index) => Math.floor(Math.abs(Math.sin(index * 12.9898) * 43_758.5453) * 256) % 256);

  it.each([
    ['nothing.mp4', new Uint8Array(), 'invalid_video'],
    ['noise.mp4', noise, 'invalid_video'],
    ['words.mp4', Buffer.from('These are only words. '.repeat(50)), 'invalid_video'],
    ['playlist.mp4', Buffer.from('#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n'), 'invalid_video'],
  ])('%s', async (name, bytes, code) => {
    expect(await refusal(await written(name, bytes))).toMatchObject({ name: 'DomainError', code });
  });

  it('sound alone', async () => {
    expect(await refusal(await zoo.make('sound.mov', { encoder: 'pcm_s16le' }))).toMatchObject({ code: 'unsupported_media', message: expect.stringContaining('no video track') });
  });

  it('an MP4 that lost its end, and with it its index', async () => {
    const path = await zoo.make('cut.mp4', X264);
    await truncate(path, 3000);
    expect(await refusal(path)).toMatchObject({ code: 'invalid_video', message: expect.stringContaining('cut off') });
  });

  it('a header that claims 16k × 16k pixels, before a picture is allocated', async () => {
    const bytes = await readFile(await zoo.make('huge.mp4', { ...X264, frames: 3 }));
    const entry = bytes.indexOf('avc1', bytes.indexOf('stsd'));
    bytes.writeUInt16BE(16_384, entry + 28);
    bytes.writeUInt16BE(16_384, entry + 30);
    expect(await refusal(await written('huge-claim.mp4', bytes))).toMatchObject({ code: 'video_too_large', message: expect.stringContaining('16384×16384') });
  });

  it('a real stream beyond the pixel limit', async () => {
    expect(await refusal(await zoo.make('wide.ts', { ...X264, frames: 2, width: 320, height: 240 }), { ...LIMITS, maxPixels: 1000 })).toMatchObject({ code: 'video_too_large' });
  });

  it('more frames, seconds or tracks than the limits', async () => {
    const path = await zoo.make('limits.mp4', X264);
    expect(await refusal(path, { ...LIMITS, maxFrames: 29 })).toMatchObject({ code: 'video_too_long', message: expect.stringContaining('29 frames') });
    expect(await refusal(path, { ...LIMITS, maxDurationMs: 1000 })).toMatchObject({ code: 'video_too_long' });
    expect(await refusal(path, { ...LIMITS, maxStreams: 0 })).toMatchObject({ code: 'unsupported_media' });
    expect(await refusal(path, { ...LIMITS, maxFrames: 30, maxDurationMs: 1200 })).not.toBeInstanceOf(Error);
  });

  it('a header that claims a million frames: only those that are there count', async () => {
    const bytes = await readFile(await zoo.make('claim.mp4', X264));
    const table = bytes.indexOf('stts');
    bytes.writeUInt32BE(1_000_000, table + 12);
    const outcome = await refusal(await written('claim-million.mp4', bytes));
    if (outcome instanceof Error) expect(outcome).toMatchObject({ name: 'DomainError' });
    else expect((outcome as { facts: { frameCount: number } }).facts.frameCount).toBe(30);
  });

  it('never names a path, and no file brings the codec down', async () => {
    const good = await readFile(await zoo.make('good.mp4', { ...X264, frames: 20 }));
    for (let seed = 1; seed <= 40; seed += 1) {
      const bytes = Uint8Array.from(good);
      for (let hit = 0; hit < 12; hit += 1) bytes[Math.floor(Math.abs(Math.sin(seed * 99 + hit) * 1e4) % bytes.length)] = (seed * 31 + hit * 17) & 255;
      const outcome = await refusal(await written('flipped.mp4', bytes));
      const message = outcome instanceof Error ? outcome.message : '';
      expect(message).not.toContain(zoo.folder);
      if (message !== '') expect(['invalid_video', 'unsupported_media', 'video_too_large', 'video_too_long']).toContain((outcome as { code: string }).code);
    }
    expect(await framesOf(join(zoo.folder, 'good.mp4'))).toHaveLength(20);
  }, 60_000);

  it('decodes what is left of a damaged stream', async () => {
    const path = await zoo.make('damaged.mp4', { ...X264, muxer: { movflags: 'faststart' }, frames: 60, gop: 10, options: { crf: '1' } });
    const bytes = await readFile(path);
    const media = bytes.indexOf('mdat') + 4;
    for (let at = media + 900; at < media + 1400; at += 1) bytes[at] = 0xff;
    const frames = await framesOf(await written('damaged-middle.mp4', bytes));
    expect(frames).toHaveLength(60);
    expect(drawnIndex(frames[59] as DecodedFrame)).toBe(59);
  });
});

describe('work that is given up', () => {
  it('stops at once when the signal fires, and works on', async () => {
    const path = await zoo.make('slow.mp4', { encoder: 'libx264', options: { preset: 'ultrafast', crf: '30' }, width: 960, height: 540, frames: 150 });
    const controller = new AbortController();
    const work = codec.decode(path, { choosers: [every], limits: LIMITS, maxSide: 1280 }, controller.signal);
    setTimeout(() => controller.abort(), 50);
    await expect(work).rejects.toMatchObject({ code: 'cancelled' });
    expect(await framesOf(path, () => [0], 64)).toHaveLength(1);
  }, 30_000);

  it('is over when its time is over', async () => {
    const path = join(zoo.folder, 'slow.mp4');
    const work = codec.decode(path, { choosers: [every], limits: { ...LIMITS, maxWorkMs: 30 }, maxSide: 1280 }, never);
    await expect(work).rejects.toMatchObject({ code: 'video_too_large', message: expect.stringContaining('too long') });
  });
});

describe('encodeMp4', () => {
  const film = { frames: 16, width: 96, height: 64, fps: 8, tags: { comment: 'AI-generated' } };
  const pixels = Uint8Array.from({ length: 16 * 96 * 64 * 3 }, (_, index) => {
    const frame = Math.floor(index / (96 * 64 * 3));
    return index % 3 === 1 ? 20 + frame * 10 : Math.floor(index / 3) % 96 < 48 ? 200 : 40;
  });

  it('makes an H.264 MP4 that decodes to what went in', async () => {
    const path = join(zoo.folder, 'film.mp4');
    const bytes = await codec.encodeMp4({ ...film, pixels }, never);
    await writeFile(path, bytes);
    const { facts, selections } = await codec.decode(path, { choosers: [every], limits: LIMITS, maxSide: 96 }, never);
    expect(facts).toMatchObject({ codec: 'h264', frameCount: 16, durationMs: 2000, width: 96, height: 64 });
    for (const [index, frame] of (selections[0] ?? []).entries()) {
      for (const [x, side] of [[0.2, 200], [0.8, 40]] as const) {
        for (const [channel, value] of colourAt(frame, x, 0.5).entries()) expect(Math.abs(value - (channel === 1 ? 20 + index * 10 : side))).toBeLessThanOrEqual(8);
      }
    }
    const text = Buffer.from(bytes).toString('latin1');
    expect(text.indexOf('moov')).toBeLessThan(text.indexOf('mdat'));
    expect(text).toContain('AI-generated');
  });

  it('makes the same bytes again', async () => {
    const [one, other] = [await codec.encodeMp4({ ...film, pixels }, never), await codec.encodeMp4({ ...film, pixels }, never)];
    expect(Buffer.compare(one, other)).toBe(0);
  });

  it('takes odd sides, and refuses pixels that do not fit', async () => {
    await expect(codec.encodeMp4({ frames: 2, width: 5, height: 3, fps: 2, pixels: new Uint8Array(90) }, never)).resolves.toBeInstanceOf(Uint8Array);
    await expect(codec.encodeMp4({ ...film, pixels: pixels.subarray(1) }, never)).rejects.toMatchObject({ code: 'internal' });
  });
});
