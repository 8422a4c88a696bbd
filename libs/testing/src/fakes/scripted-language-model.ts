import { DomainError } from '@gpt4video/ports/errors';
import { type GenerateEvent, type GenerateRequest, LanguageModel, type PromptPiece } from '@gpt4video/ports/language-model';

/** A language model whose answer is a function of the prompt: the ids it says, ended by `stop`, or by `length` at `maxTokens`. */
export class ScriptedLanguageModel extends LanguageModel {
  override readonly execution = { provider: 'cpu' } as const;
  /** Every request that was begun, in order. */
  readonly requests: GenerateRequest[] = [];
  /** Tokens that were given out; stays behind when the caller stops early. */
  given = 0;

  constructor(
    override readonly width: number,
    override readonly contextTokens: number,
    private readonly answer: (prompt: readonly PromptPiece[], request: GenerateRequest) => readonly number[],
  ) {
    super();
  }

  override async *generate(request: GenerateRequest, signal: AbortSignal): AsyncGenerator<GenerateEvent> {
    await Promise.resolve();
    this.requests.push(request);
    const promptTokens = request.prompt.reduce((sum, piece) => sum + this.tokensOf(piece), 0);
    if (promptTokens >= this.contextTokens) throw new DomainError('context_length_exceeded', `The prompt has ${promptTokens} tokens and ${this.contextTokens} fit; shorten it.`);
    const room = Math.min(request.maxTokens, this.contextTokens - promptTokens);
    let completionTokens = 0;
    let reason: 'stop' | 'length' = 'stop';
    for (const id of this.answer(request.prompt, request)) {
      if (signal.aborted) throw new DomainError('cancelled', 'The generation was cancelled.');
      if (request.stopIds.includes(id)) break;
      if (completionTokens >= room) {
        reason = 'length';
        break;
      }
      completionTokens += 1;
      this.given += 1;
      yield { kind: 'token', id };
    }
    yield { kind: 'end', reason, promptTokens, cachedTokens: 0, completionTokens, firstTokenMs: 1, totalMs: 2 };
  }

  override async close(): Promise<void> {
    await Promise.resolve();
  }

  private tokensOf(piece: PromptPiece): number {
    if (piece.kind === 'tokens') return piece.ids.length;
    if (piece.vectors.length !== piece.count * this.width) throw new DomainError('internal', `${piece.count} vectors of ${this.width} numbers do not make ${piece.vectors.length}.`);
    return piece.count;
  }
}
