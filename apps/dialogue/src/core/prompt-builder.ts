import { Injectable } from '@nestjs/common';
import { renderPrompt, type TurnMessage } from '@gpt4video/model/language/prompt-template';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { DomainError } from '@gpt4video/ports/errors';
import type { PromptPiece } from '@gpt4video/ports/language-model';
import { DialogueSettings } from './dialogue-settings.js';
import { DialogueTokenizer } from './dialogue-tokenizer.js';
import { VisualTokenSource, type VisualTokens } from './visual-token-source.js';

/** A conversation as the language model reads it. */
export interface Prompt {
  readonly pieces: readonly PromptPiece[];
  /** Text tokens. */
  readonly textTokens: number;
  /** Visual tokens. */
  readonly videoTokens: number;
  /** Milliseconds until the visual tokens of every video were there. */
  readonly visionMs: number;
}

/** Turns conversations into prompts with visual tokens spliced in (paper §3.3). */
@Injectable()
export class PromptBuilder {
  constructor(
    private readonly tokenizer: DialogueTokenizer,
    private readonly source: VisualTokenSource,
    private readonly settings: DialogueSettings,
  ) {}

  /** The prompt that the answer continues. Videos are fetched in parallel, each once. Throws what the source throws. */
  async build(messages: readonly TurnMessage<AssetRef>[], signal: AbortSignal): Promise<Prompt> {
    const started = performance.now();
    const videos = await this.look(messages, signal);
    const visionMs = performance.now() - started;
    const pieces: PromptPiece[] = [];
    for (const segment of renderPrompt(messages, this.settings.template)) {
      if (segment.kind === 'video') pieces.push(vectorsOf(videos, segment.video));
      else appendTokens(pieces, this.tokenizer.encode(segment.text, { special: segment.special }));
    }
    return { pieces, textTokens: count(pieces, 'tokens'), videoTokens: count(pieces, 'vectors'), visionMs };
  }

  /** The prompt, with more text after it. */
  extend(prompt: Prompt, ids: readonly number[]): Prompt {
    const pieces = [...prompt.pieces];
    appendTokens(pieces, ids);
    return { ...prompt, pieces };
  }

  private async look(messages: readonly TurnMessage<AssetRef>[], signal: AbortSignal): Promise<ReadonlyMap<string, VisualTokens>> {
    const refs = new Map<string, AssetRef>();
    for (const part of messages.flatMap((message) => message.content)) {
      if (part.kind === 'video') refs.set(part.video.sha256, part.video);
    }
    const entries = [...refs].map(async ([sha256, video]) => [sha256, this.checked(await this.source.tokensOf(video, signal))] as const);
    return new Map(await Promise.all(entries));
  }

  private checked(tokens: VisualTokens): VisualTokens {
    const { visualTokens, visualWidth } = this.settings;
    if (tokens.count === visualTokens && tokens.width === visualWidth && tokens.vectors.length === visualTokens * visualWidth) return tokens;
    throw new DomainError('model_unavailable', `The abstractor answered [${tokens.count}, ${tokens.width}] visual tokens where this bundle has [${visualTokens}, ${visualWidth}]; run all services with one bundle.`);
  }
}

function vectorsOf(videos: ReadonlyMap<string, VisualTokens>, video: AssetRef): PromptPiece {
  const tokens = videos.get(video.sha256);
  if (tokens === undefined) throw new DomainError('internal', 'A video of the prompt was not looked at.');
  return { kind: 'vectors', vectors: tokens.vectors, count: tokens.count, sha256: tokens.sha256 };
}

function appendTokens(pieces: PromptPiece[], ids: readonly number[]): void {
  if (ids.length === 0) return;
  const last = pieces.at(-1);
  // One piece per stretch of text: the prefix cache compares pieces.
  if (last?.kind === 'tokens') pieces[pieces.length - 1] = { kind: 'tokens', ids: [...last.ids, ...ids] };
  else pieces.push({ kind: 'tokens', ids });
}

function count(pieces: readonly PromptPiece[], kind: PromptPiece['kind']): number {
  return pieces.reduce((sum, piece) => sum + (piece.kind !== kind ? 0 : piece.kind === 'tokens' ? piece.ids.length : piece.count), 0);
}
