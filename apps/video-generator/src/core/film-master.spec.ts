import { scoreMark } from '@gpt4video/model/watermark/find-mark';
import { markKeyOf } from '@gpt4video/model/watermark/mark-key';
import { DrawnVideoCodec } from '@gpt4video/testing/fakes/drawn-video-codec';
import { PatternFilmModel } from '@gpt4video/testing/fakes/pattern-film-model';
import { StampedProvenance } from '@gpt4video/testing/fakes/stamped-provenance';
import { FilmMaster } from './film-master.js';
import { MakeFilmService } from './make-film.service.js';
import { NotedFilmScreen } from '../../test/noted-film-screen.js';

const SPEC = { caption: 'a secret caption', negativePrompt: '', seed: 3, steps: 2, guidanceScale: 3, width: 64, height: 64, frames: 4, fps: 8 };
const KEY = markKeyOf(new Uint8Array(24).fill(9));
const never = new AbortController().signal;

it('marks what is screened, shown and encoded, and signs the file without the caption', async () => {
  const screen = new NotedFilmScreen();
  const codec = new DrawnVideoCodec(() => undefined);
  const signer = new StampedProvenance();
  const settings = { worker: 'w', bundleRevision: 'rev', heartbeatMs: 1, pollMs: 1, releaseMs: 1 };
  const observer = { began: () => undefined, ended: () => undefined, filmed: () => undefined };
  const model = new PatternFilmModel({ sizes: ['64x64'], maxSteps: 9, frames: 4, fps: 8, defaults: { steps: 2, guidanceScale: 3 }, captionTokens: 32 });
  const films = new MakeFilmService(model, screen, new FilmMaster(codec, signer, KEY, settings), observer);
  const { film, mp4 } = await films.make({ spec: SPEC, title: 'video_1' }, () => undefined, never);
  const plain = await model.film(SPEC, () => undefined, never);
  const scored = (pixels: Uint8Array): number => scoreMark({ pixels, frames: pixels.length / (64 * 64 * 3), width: 64, height: 64 }, KEY);
  expect(scored(plain.pixels)).toBeLessThan(5);
  for (const pixels of [film.pixels, codec.encoded[0]?.pixels, screen.samples[0]?.pixels]) expect(scored(pixels ?? new Uint8Array())).toBeGreaterThan(15);
  expect(Buffer.from(mp4).toString('latin1')).toContain('signed:video_1');
  expect(signer.claims).toEqual([{ title: 'video_1', bundleRevision: 'rev' }]);
  expect(JSON.stringify([signer.claims, codec.encoded[0]?.tags])).not.toContain('secret');
});
