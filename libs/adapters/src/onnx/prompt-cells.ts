import type { PromptPiece } from '@gpt4video/ports/language-model';

/** What stands at one position of a prompt: a token id, or one vector of a piece, named by the piece's hash and its place. */
export type PromptCell = number | string;

/** The prompt position by position, to compare prompts. */
export function promptCells(prompt: readonly PromptPiece[]): PromptCell[] {
  return prompt.flatMap((piece): PromptCell[] => (piece.kind === 'tokens' ? [...piece.ids] : Array.from({ length: piece.count }, (_, index) => `${piece.sha256}:${index}`)));
}

/** Positions at the start that both hold. */
export function commonPrefix(a: readonly PromptCell[], b: readonly PromptCell[]): number {
  const shorter = Math.min(a.length, b.length);
  for (let index = 0; index < shorter; index += 1) {
    if (a[index] !== b[index]) return index;
  }
  return shorter;
}
