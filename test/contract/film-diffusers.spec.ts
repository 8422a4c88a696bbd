import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { OnnxFilmModel } from '@gpt4video/adapters/onnx/onnx-film-model';
import { HfTokenizer } from '@gpt4video/adapters/tokenizer/hf-tokenizer';
import { parseManifestText } from '@gpt4video/model/bundle/manifest';

/** Films of diffusers' own pipeline, made by training/golden/film_diffusers.py. */
interface Films {
  readonly frames: number;
  readonly height: number;
  readonly width: number;
  readonly films: readonly {
    readonly solver: 'ddim' | 'dpmsolver++';
    readonly caption: string;
    readonly negative: string;
    readonly seed: number;
    readonly steps: number;
    readonly guidanceScale: number;
    /** base64 of float32 `[frames, 3, height, width]` in 0..1. */
    readonly frames: string;
  }[];
}

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const source = join(root, 'test/fixtures/film-diffusers');
const SOURCES = ['--conditions=development', '--disable-warning=ExperimentalWarning', '--import', join(root, 'libs/adapters/src/onnx/source-loader.mjs')];
const TOLERANCE = 1e-4;

/** `gpt4video models import`, as a user runs it. */
function importModels(into: string, ...options: string[]): Promise<{ stdout: string; stderr: string }> {
  return run(process.execPath, [...SOURCES, join(root, 'apps/cli/src/main.ts'), 'models', 'import', '--into', into, ...options], { cwd: root });
}

describe('a film model imported from a diffusers folder', () => {
  let films: Films;
  let folder: string;

  beforeAll(async () => {
    films = JSON.parse(await readFile(join(source, 'films.json'), 'utf8')) as Films;
    folder = await mkdtemp(join(tmpdir(), 'gpt4video-film-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(['ddim', 'dpmsolver++'] as const)('makes the films of diffusers with %s', async (solver) => {
    const { frames, height, width } = films;
    const bundle = join(folder, solver === 'ddim' ? 'with-ddim' : 'with-dpm');
    const size = ['--film-size', `${width}x${height}`, '--film-frames', `${frames}`, '--film-fps', '4'];
    // The folder's own scheduler is DDIM.
    await importModels(bundle, '--film', source, ...size, ...(solver === 'ddim' ? [] : ['--film-solver', solver]));
    const manifest = parseManifestText(await readFile(join(bundle, 'bundle.json'), 'utf8'));
    const { film, textEncoder } = manifest;
    expect(film.defaults.solver).toBe(solver);
    const paths = { textEncoder: join(bundle, textEncoder.file.path), denoiser: join(bundle, film.denoiser.path), decoder: join(bundle, film.decoder.path) };
    const model = await OnnxFilmModel.open({ ...paths, tokenizer: await HfTokenizer.load(join(bundle, textEncoder.tokenizer.path)), manifest, threads: 1 });
    try {
      for (const { caption, negative, seed, steps, guidanceScale, frames: planes } of films.films.filter((wanted) => wanted.solver === solver)) {
        const made = await model.film({ caption, negativePrompt: negative, seed, steps, guidanceScale, width, height, frames, fps: 4 }, () => undefined, new AbortController().signal);
        expect(wrongPixels(made.pixels, planes, width * height)).toBe(0);
      }
    } finally {
      await model.close();
    }
  }, 120_000);
});

/** Pixels that no value within the tolerance of the reference rounds to. */
function wrongPixels(pixels: Uint8Array, planes: string, area: number): number {
  const expected = new Float32Array(new Uint8Array(Buffer.from(planes, 'base64')).buffer);
  expect(pixels).toHaveLength(expected.length);
  let wrong = 0;
  expected.forEach((value, index) => {
    const frame = Math.floor(index / (3 * area));
    const pixel = pixels[frame * 3 * area + (index % area) * 3 + (Math.floor(index / area) % 3)] ?? NaN;
    if (!(pixel >= Math.round((value - TOLERANCE) * 255) && pixel <= Math.round((value + TOLERANCE) * 255))) wrong += 1;
  });
  return wrong;
}
