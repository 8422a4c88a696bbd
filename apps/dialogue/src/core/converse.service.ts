import { Injectable } from '@nestjs/common';
import type { TagEvent } from '@gpt4video/model/language/tag-parser';
import { DomainError } from '@gpt4video/ports/errors';
import { LanguageModel, type GenerateRequest, type SamplingOptions } from '@gpt4video/ports/language-model';
import { AnswerReader } from './answer-reader.js';
import { CaptionForcer } from './caption-forcer.js';
import { DialogueObserver } from './dialogue-observer.js';
import { DialogueLanguage } from './dialogue-language.js';
import { Generation } from './generation.js';
import { PromptBuilder, type Prompt } from './prompt-builder.js';
import type { AnswerEvent, Turn } from './turn.js';

/** Answers turns: a stream of text, with captions where the model decides to make a video (paper §3.3). */
@Injectable()
export class ConverseService {
  constructor(
    private readonly prompts: PromptBuilder,
    private readonly model: LanguageModel,
    private readonly language: DialogueLanguage,
    private readonly forcer: CaptionForcer,
    private readonly observer: DialogueObserver,
  ) {}

  /**
   * Streams the answer, pulled by the reader; leaving early or firing the signal stops the token loop.
   * Throws `context_length_exceeded` saying by how much, what the abstractor says about a video, `overloaded`, `cancelled`.
   */
  async *converse(turn: Turn, signal: AbortSignal): AsyncGenerator<AnswerEvent> {
    const prompt = await this.prompts.build(turn.messages, signal);
    const request = this.requestOf(turn, prompt);
    const generation = new Generation(this.model, request);
    let captions = 0;
    for await (const event of generation.read(new AnswerReader(this.language.tokenizer, turn.stop), signal)) {
      if (event.kind === 'caption' && turn.videoMode !== 'none') captions += 1;
      yield* this.show(event, turn);
    }
    const runs = [generation];
    if (turn.videoMode === 'required' && captions === 0) {
      const forced = this.forcer.continue(prompt, generation, request);
      runs.push(forced.generation);
      for await (const event of forced.read(signal)) yield* this.show(event, turn);
    }
    const end = endOf(runs, prompt, { bundleRevision: this.language.settings.bundleRevision, seed: request.sampling.seed });
    this.observer.answered(end);
    yield { kind: 'finish', end };
  }

  private *show(event: TagEvent, turn: Turn): Generator<AnswerEvent> {
    if (event.kind === 'text' && event.text !== '') yield { kind: 'text', text: event.text };
    if (event.kind !== 'caption' || turn.videoMode === 'none') return;
    yield { kind: 'caption', index: event.index, caption: event.caption, truncated: this.language.captionIsLong(event.caption) };
  }

  private requestOf(turn: Turn, prompt: Prompt): GenerateRequest {
    const { defaults } = this.language.settings;
    const length = prompt.textTokens + prompt.videoTokens;
    const room = this.model.contextTokens - length;
    if (room < 1) {
      const message = `The conversation holds ${length} tokens, ${1 - room} more than fit beside an answer into the model's ${this.model.contextTokens}; leave out earlier messages or videos.`;
      throw new DomainError('context_length_exceeded', message, { param: 'messages' });
    }
    const { temperature, topP, topK, repetitionPenalty } = defaults;
    const sampling: SamplingOptions = { temperature, topP, topK, repetitionPenalty, seed: 0, ...turn.sampling };
    return { prompt: prompt.pieces, sampling, maxTokens: Math.min(turn.maxTokens ?? defaults.maxTokens, room), stopIds: this.language.stopIds };
  }
}

function endOf(runs: readonly Generation[], prompt: Prompt, { bundleRevision, seed }: { readonly bundleRevision: string; readonly seed: number }) {
  const [first] = runs;
  const sum = (of: (run: Generation) => number): number => runs.reduce((total, run) => total + of(run), 0);
  return {
    reason: first?.reason ?? 'stop',
    promptTokens: prompt.textTokens,
    videoTokens: prompt.videoTokens,
    completionTokens: sum((run) => run.ids.length),
    cachedTokens: first?.cachedTokens ?? 0,
    firstTokenMs: first?.firstTokenMs ?? 0,
    modelMs: sum((run) => run.totalMs),
    visionMs: prompt.visionMs,
    bundleRevision,
    seed,
  };
}
