import { type BundleManifest, bundleFiles } from '@gpt4video/model/bundle/manifest';
import type { FilmLimits } from '@gpt4video/ports/film-model';
import { type ModelCard, ModelCatalog } from './model-catalog.js';

/** Most denoising steps that one request may ask for. */
const MAX_STEPS = 100;

/** The catalog of one bundle. Film sizes are the model's own and, up to four times, whole multiples of it. */
export function bundleCatalog(manifest: BundleManifest, revision: string): ModelCatalog {
  const { language, abstractor } = manifest;
  const card: ModelCard = {
    id: manifest.name,
    revision,
    contextTokens: language.contextTokens,
    tokensPerVideo: abstractor.tokens,
    sampling: language.defaults,
    film: filmLimits(manifest),
    parts: Object.fromEntries(bundleFiles(manifest).map(({ path, bytes }) => [path, bytes])),
  };
  return { list: () => [card] };
}

function filmLimits({ film, textEncoder }: BundleManifest): FilmLimits {
  const { width, height, frames, fps, defaults } = film;
  return {
    sizes: [1, 2, 4].map((factor) => `${width * factor}x${height * factor}`),
    maxSteps: MAX_STEPS,
    frames,
    fps,
    defaults: { steps: defaults.steps, guidanceScale: defaults.guidanceScale },
    captionTokens: textEncoder.maxTokens,
  };
}
