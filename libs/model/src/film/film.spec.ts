import { resample } from '../tensor/resample.js';
import { checkFilmSpec, filmSeconds } from './film-limits.js';
import { framesToRgb } from './frames-to-rgb.js';
import { spritesheetLayout } from './spritesheet.js';
import { enlargeFrames, integerScale, resizeFrames } from './upscale.js';

describe('framesToRgb', () => {
  it('puts channels last, frame by frame', () => {
    // Two frames of 1×2: red, green and blue planes each.
    const data = Float32Array.of(0, 1, 0.2, 0.4, 1, 0, 0.6, 0.8, 1, 1, 0, 0);
    const film = framesToRgb({ shape: [2, 3, 1, 2], data });
    expect(film).toEqual({ frames: 2, width: 2, height: 1, pixels: Uint8Array.of(0, 51, 255, 255, 102, 0, 153, 255, 0, 204, 255, 0) });
  });

  it.each([
    [-0.5, 0],
    [1.5, 255],
    [NaN, 0],
    [0.5, 128],
    [0.499, 127],
    [1 / 255, 1],
  ])('stores %d as %i', (value, byte) => expect([...framesToRgb({ shape: [1, 3, 1, 1], data: new Float32Array(3).fill(value) }).pixels]).toEqual([byte, byte, byte]));

  it.each([[[1, 1, 2, 2]], [[3, 2, 2]]])('refuses the shape %j', (shape) => {
    expect(() => framesToRgb({ shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) })).toThrow('"frames" must have shape [F, 3, H, W]');
  });
});

describe('sizes', () => {
  const film = { frames: 2, width: 2, height: 1, pixels: Uint8Array.from({ length: 12 }, (_, index) => index * 20) };

  it('enlarges by repeating pixels', () => {
    const large = enlargeFrames(film, 2);
    expect([large.width, large.height, large.frames]).toEqual([4, 2, 2]);
    const row = (first: number) => [first, first, first + 3, first + 3].flatMap((start) => [0, 1, 2].map((channel) => (start + channel) * 20));
    expect([...large.pixels]).toEqual([...row(0), ...row(0), ...row(6), ...row(6)]);
    expect(enlargeFrames(film, 1)).toEqual(film);
    for (const factor of [0, 1.5]) expect(() => enlargeFrames(film, factor)).toThrow('whole number from 1');
  });

  it('resizes each frame as a picture of its own', () => {
    const size = { width: 5, height: 3 };
    const resized = resizeFrames(film, size);
    expect(resized.frames).toBe(2);
    expect(resized.pixels.subarray(45)).toEqual(resample({ pixels: film.pixels.subarray(6), width: 2, height: 1 }, size, 'lanczos').pixels);
    expect(resizeFrames(film, film)).toBe(film);
  });

  it.each([
    [{ width: 128, height: 128 }, { width: 640, height: 480 }, 3],
    [{ width: 128, height: 128 }, { width: 100, height: 480 }, 1],
    [{ width: 128, height: 72 }, { width: 512, height: 288 }, 4],
  ])('%j fits into %j %i times', (small, box, scale) => expect(integerScale(small, box)).toBe(scale));
});

describe('spritesheetLayout', () => {
  it.each([
    [16, undefined, 4, 4],
    [10, undefined, 4, 3],
    [1, undefined, 1, 1],
    [16, 8, 8, 2],
    [3, 8, 3, 1],
  ])('%i frames in %s columns: %i × %i', (frames, columns, wide, high) => {
    const layout = spritesheetLayout(frames, { width: 64, height: 32 }, columns);
    expect(layout).toMatchObject({ columns: wide, rows: high, width: wide * 64, height: high * 32 });
    expect(new Set(layout.tiles.map(({ x, y }) => `${x},${y}`)).size).toBe(frames);
    for (const { x, y } of layout.tiles) expect(x + 64 <= layout.width && y + 32 <= layout.height).toBe(true);
  });

  it('goes row by row', () => expect(spritesheetLayout(3, { width: 10, height: 20 }).tiles).toEqual([{ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 0, y: 20 }]));
  it.each([[0], [1.5]])('refuses %d frames', (frames) => expect(() => spritesheetLayout(frames, { width: 1, height: 1 })).toThrow('whole numbers from 1'));
});

describe('checkFilmSpec', () => {
  const limits = { sizes: ['128x128'], maxSteps: 50, frames: 16, fps: 8, defaults: { steps: 20, guidanceScale: 4 }, captionTokens: 32 };
  const spec = { caption: 'a star', negativePrompt: '', seed: 1, steps: 20, guidanceScale: 4, width: 128, height: 128, frames: 16, fps: 8 };

  it('accepts what the model can do', () => {
    expect(() => checkFilmSpec(spec, limits)).not.toThrow();
    expect(filmSeconds(limits)).toBe(2);
  });

  it.each([
    [{ caption: '  ' }, 'prompt', 'must say what to film'],
    [{ width: 256 }, 'size', 'must be one of 128x128, found 256x128'],
    [{ steps: 51 }, 'steps', 'from 1 to 50, found 51'],
    [{ steps: 0 }, 'steps', 'found 0'],
    [{ steps: 2.5 }, 'steps', 'found 2.5'],
    [{ guidanceScale: NaN }, 'guidance_scale', 'found NaN'],
    [{ guidanceScale: 31 }, 'guidance_scale', 'must be 0 to 30'],
    [{ frames: 24 }, 'frames', 'must be 16, found 24'],
    [{ fps: 30 }, 'fps', 'must be 8, found 30'],
    [{ seed: -1 }, 'seed', 'found -1'],
  ])('refuses %j', (change, param, fault) => {
    expect(() => checkFilmSpec({ ...spec, ...change }, limits)).toThrow(expect.objectContaining({ code: 'invalid_request', param, message: expect.stringContaining(fault) as string }) as Error);
  });
});
