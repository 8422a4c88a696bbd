import { DomainError } from '@gpt4video/ports/errors';

/** Token prices of a prompt. */
export interface FrameBudget {
  /** Most tokens of prompt and answer together. */
  readonly contextTokens: number;
  /** Visual tokens of one video. */
  readonly tokensPerVideo: number;
  /** Text tokens of the prompt, tags included. */
  readonly textTokens: number;
  /** Tokens kept free for the answer. */
  readonly answerTokens: number;
}

/** How many videos fit into the prompt beside text and answer; 0 when not even one does. */
export function videosThatFit({ contextTokens, tokensPerVideo, textTokens, answerTokens }: FrameBudget): number {
  return Math.max(0, Math.floor((contextTokens - textTokens - answerTokens) / tokensPerVideo));
}

/** Throws `context_length_exceeded` with the figures unless text, `videos` and answer fit together. */
export function checkFits(budget: FrameBudget, videos: number): void {
  const wanted = budget.textTokens + videos * budget.tokensPerVideo + budget.answerTokens;
  if (wanted <= budget.contextTokens) return;
  throw new DomainError(
    'context_length_exceeded',
    `The conversation needs ${wanted} tokens (text ${budget.textTokens}, ${videos} videos ${videos * budget.tokensPerVideo}, answer ${budget.answerTokens}), ` +
      `but the model holds ${budget.contextTokens}. Send fewer messages or videos, or ask for a shorter answer.`,
    { param: 'messages' },
  );
}
