import { requireAssetRef } from '@gpt4video/contracts/asset-wire';
import type { AbstractVideoResponse } from '@gpt4video/contracts/gen/gpt4video/abstractor/v1/abstractor_service';
import { floatsFromWire } from '@gpt4video/contracts/tensor-wire';
import { DomainError } from '@gpt4video/ports/errors';
import type { VisualTokens } from '../core/visual-token-source.js';

/** The visual tokens in the abstractor's answer. */
export function visualTokensOf(response: AbstractVideoResponse): VisualTokens {
  const { shape, data } = floatsFromWire(response.tokens, 'tokens');
  const [count = 0, width = 0] = shape;
  if (shape.length !== 2) throw new DomainError('invalid_request', `Visual tokens must be [tokens, width], found [${shape.join(', ')}].`, { param: 'tokens.shape' });
  return { vectors: data, count, width, sha256: requireAssetRef(response.artifact, 'artifact').sha256 };
}
