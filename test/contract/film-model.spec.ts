import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { loadBundle } from '@gpt4video/adapters/bundle/load-bundle';
import { modelCacheFolder } from '@gpt4video/adapters/bundle/model-cache';
import { OnnxFilmModel } from '@gpt4video/adapters/onnx/onnx-film-model';
import { HfTokenizer } from '@gpt4video/adapters/tokenizer/hf-tokenizer';
import type { Film, FilmSpec } from '@gpt4video/ports/film-model';

const never = new AbortController().signal;

describe(OnnxFilmModel.name, () => {
  let model: OnnxFilmModel;
  let spec: FilmSpec;

  beforeAll(async () => {
    const bundle = await loadBundle({ folder: resolve(import.meta.dirname, '../../models/cartoon'), cache: modelCacheFolder({ HOME: homedir(), ...process.env }) });
    const { film, textEncoder } = bundle.manifest;
    const paths = { textEncoder: bundle.pathOf(textEncoder.file), denoiser: bundle.pathOf(film.denoiser), decoder: bundle.pathOf(film.decoder) };
    model = await OnnxFilmModel.open({ ...paths, tokenizer: await HfTokenizer.load(bundle.pathOf(textEncoder.tokenizer)), manifest: bundle.manifest, threads: 2 });
    spec = { caption: 'a red car moves left through the city', negativePrompt: '', seed: 7, steps: 3, guidanceScale: 4, width: film.width, height: film.height, frames: film.frames, fps: film.fps };
  }, 120_000);
  afterAll(() => model?.close());

  const film = (changes: Partial<FilmSpec> = {}): Promise<Film> => model.film({ ...spec, ...changes }, () => undefined, never);

  it('makes the same pixels for the same spec, and others for another seed or caption', async () => {
    const first = await film();
    expect(first.pixels).toHaveLength(spec.frames * spec.width * spec.height * 3);
    expect(Buffer.compare(first.pixels, (await film()).pixels)).toBe(0);
    expect(Buffer.compare(first.pixels, (await film({ seed: 8 })).pixels)).not.toBe(0);
    expect(Buffer.compare(first.pixels, (await film({ caption: 'a snail' })).pixels)).not.toBe(0);
    expect(Buffer.compare(first.pixels, (await film({ guidanceScale: 1 })).pixels)).not.toBe(0);
    expect(Object.keys(first.stageMs)).toEqual(['text_encoder', 'denoise', 'decode']);
  });

  it('does not care for the case of a caption', async () => {
    expect(Buffer.compare((await film()).pixels, (await film({ caption: spec.caption.toUpperCase() })).pixels)).toBe(0);
  });

  it('tells each step, and stops at a step boundary', async () => {
    const controller = new AbortController();
    const steps: number[] = [];
    const work = model.film({ ...spec, steps: 100 }, ({ step }) => (steps.push(step) === 2 ? controller.abort() : undefined), controller.signal);
    await expect(work).rejects.toMatchObject({ code: 'cancelled' });
    expect(steps.slice(0, 2)).toEqual([1, 2]);
    expect(steps.length).toBeLessThan(50);
    expect((await film()).frames).toBe(spec.frames);
  });

  it.each<[Partial<FilmSpec>, string]>([
    [{ width: 640 }, 'size'],
    [{ frames: 17 }, 'seconds'],
    [{ steps: 0 }, 'steps'],
    [{ steps: 1000 }, 'steps'],
  ])('refuses %j', async (changes, param) => {
    await expect(film(changes)).rejects.toMatchObject({ code: 'invalid_request', param });
  });
});
