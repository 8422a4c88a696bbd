import { DomainError } from '@gpt4video/ports/errors';
import type { GenerateRequest, PromptPiece } from '@gpt4video/ports/language-model';
import { createSampler } from './sampling/sampler.js';

/** A causal language model with a memory of what it has read; logits are `[vocabulary]`. */
export interface TokenModel {
  /** Reads the prompt and returns the logits after its last position. */
  prefill(pieces: readonly PromptPiece[], signal: AbortSignal): Promise<Float32Array>;
  /** Reads one more token and returns the logits after it. */
  next(id: number, signal: AbortSignal): Promise<Float32Array>;
}

/** A generated token, or the end of the answer. */
export type TokenEvent = { readonly kind: 'token'; readonly id: number } | { readonly kind: 'end'; readonly reason: 'stop' | 'length'; readonly completionTokens: number };

/**
 * The token loop. Yields each token as the caller pulls, then one `end`; stop ids are not yielded, but count. Returning early
 * stops the work. Throws `cancelled` at the next token once the signal fired, `invalid_request` on options out of range.
 */
export async function* generateTokens(model: TokenModel, request: GenerateRequest, signal: AbortSignal): AsyncGenerator<TokenEvent> {
  const { prompt, sampling, maxTokens, stopIds } = request;
  checkRequest(request);
  const sampler = createSampler(sampling, promptIds(prompt));
  throwIfAborted(signal);
  let logits = await model.prefill(prompt, signal);
  for (let count = 1; ; count++) {
    throwIfAborted(signal);
    const id = sampler.choose(logits);
    if (stopIds.includes(id)) return yield { kind: 'end', reason: 'stop', completionTokens: count };
    yield { kind: 'token', id };
    if (count >= maxTokens) return yield { kind: 'end', reason: 'length', completionTokens: count };
    throwIfAborted(signal);
    logits = await model.next(id, signal);
  }
}

/** Positions that the prompt fills: token ids and vectors. */
export function promptLength(prompt: readonly PromptPiece[]): number {
  return prompt.reduce((total, piece) => total + (piece.kind === 'tokens' ? piece.ids.length : piece.count), 0);
}

function promptIds(prompt: readonly PromptPiece[]): number[] {
  return prompt.flatMap((piece) => (piece.kind === 'tokens' ? [...piece.ids] : []));
}

function checkRequest({ prompt, maxTokens }: GenerateRequest): void {
  if (promptLength(prompt) === 0) throw new DomainError('invalid_request', 'The prompt is empty; say something.', { param: 'messages' });
  if (!Number.isInteger(maxTokens) || maxTokens < 1) throw new DomainError('invalid_request', `"max_tokens" must be a whole number from 1, found ${maxTokens}.`, { param: 'max_tokens' });
}

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new DomainError('cancelled', 'The answer was cancelled.', { cause: signal.reason });
}
