import { languageBytes, slotFiles } from '@gpt4video/model/bundle/manifest';
import type { BundleManifest } from '@gpt4video/model/bundle/manifest';
import type { FilmLimits } from '@gpt4video/ports/film-model';
import type { ModelCard } from './model-catalog.js';

/** Most denoising steps of one film. */
const MAX_STEPS = 100;

/** What clients may know of a bundle, from its manifest alone: the gateway loads no weights. */
export function bundleCard(manifest: BundleManifest, revision: string): ModelCard {
  const { language, abstractor } = manifest;
  const slots = slotFiles(manifest);
  const { temperature, topP, repetitionPenalty, maxTokens } = language.defaults;
  return {
    id: manifest.name,
    revision,
    contextTokens: language.contextTokens,
    tokensPerVideo: abstractor.tokens,
    sampling: { temperature, topP, repetitionPenalty, maxTokens },
    film: filmLimits(manifest),
    safety: { policyVersion: manifest.textSafety.policyVersion, thresholds: manifest.textSafety.thresholds, frameThreshold: manifest.imageSafety.threshold },
    parts: { vision: bytesOf(slots.vision), abstractor: bytesOf(slots.abstractor), language: languageBytes(manifest), film: bytesOf(slots.film) },
  };
}

function bytesOf(files: readonly { readonly bytes: number }[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

function filmLimits({ film, textEncoder }: BundleManifest): FilmLimits {
  const { width, height, frames, fps, defaults } = film;
  return { sizes: [`${width}x${height}`], maxSteps: MAX_STEPS, frames, fps, defaults: { steps: defaults.steps, guidanceScale: defaults.guidanceScale }, captionTokens: textEncoder.maxTokens };
}
