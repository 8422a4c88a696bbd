import type { LoadedBundle } from '@gpt4video/adapters/bundle/load-bundle';
import type { ModelCard } from '@gpt4video/gateway/core/models/model-catalog';
import type { FilmLimits } from '@gpt4video/ports/film-model';

/** What `/v1/models` says of a bundle. */
export function modelCard({ manifest, revision }: LoadedBundle, film: FilmLimits): ModelCard {
  const { temperature, topP, repetitionPenalty, maxTokens } = manifest.language.defaults;
  return {
    id: manifest.name,
    revision,
    contextTokens: manifest.language.contextTokens,
    tokensPerVideo: manifest.abstractor.tokens,
    sampling: { temperature, topP, repetitionPenalty, maxTokens },
    film,
    parts: {
      vision: manifest.vision.file.bytes,
      abstractor: manifest.abstractor.file.bytes,
      language: manifest.language.base.bytes + manifest.language.adapter.bytes,
      film: manifest.textEncoder.file.bytes + manifest.film.denoiser.bytes + manifest.film.decoder.bytes,
      textSafety: manifest.textEmbedding.file.bytes + manifest.textSafety.file.bytes,
      imageSafety: manifest.imageSafety.base.bytes,
    },
  };
}
