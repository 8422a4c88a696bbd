import { Injectable } from '@nestjs/common';
import { TagParser, type TagEvent } from '@gpt4video/model/language/tag-parser';
import { LanguageModel, type GenerateRequest } from '@gpt4video/ports/language-model';
import { AnswerReader } from './answer-reader.js';
import { DialogueLanguage } from './dialogue-language.js';
import { Generation } from './generation.js';
import { PromptBuilder, type Prompt } from './prompt-builder.js';

// The words of the tags, as the model was taught them.
const OPEN = '<video>';
const CLOSE = '</video>';

/** A caption that is being asked for. */
export interface ForcedCaption {
  readonly generation: Generation;
  /** Yields the caption when the model has written it. */
  read(signal: AbortSignal): AsyncGenerator<TagEvent>;
}

/**
 * Gets a caption from a model that wrote none: the answer so far is continued after an opening tag, greedily, up to the
 * closing tag or as many tokens as the text encoder reads.
 */
@Injectable()
export class CaptionForcer {
  constructor(
    private readonly model: LanguageModel,
    private readonly prompts: PromptBuilder,
    private readonly language: DialogueLanguage,
  ) {}

  /** Prepares the continuation of an answer that has ended. */
  continue(prompt: Prompt, answer: Generation, request: GenerateRequest): ForcedCaption {
    const { tokenizer, settings } = this.language;
    const opened = this.prompts.extend(prompt, [...answer.ids, ...tokenizer.encode(OPEN, { special: false })]);
    const sampling = { ...request.sampling, temperature: 0 };
    const generation = new Generation(this.model, { ...request, prompt: opened.pieces, sampling, maxTokens: settings.captionTokens + tokenizer.encode(CLOSE, { special: false }).length });
    return {
      generation,
      read: async function* (signal) {
        const reader = new AnswerReader(tokenizer, [CLOSE]);
        let caption = '';
        for await (const event of generation.read(reader, signal)) if (event.kind === 'text') caption += event.text;
        const tags = new TagParser();
        yield* tags.push(`${OPEN}${withoutOpenEnd(caption)}${CLOSE}`);
        yield* tags.flush();
      },
    };
  }
}

/** Leaves out the beginning of a closing tag at which the token limit fell. */
function withoutOpenEnd(caption: string): string {
  for (let length = CLOSE.length - 1; length > 0; length -= 1) {
    if (caption.endsWith(CLOSE.slice(0, length))) return caption.slice(0, -length);
  }
  return caption;
}
