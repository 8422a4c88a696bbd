import type { TagEvent } from '@gpt4video/model/language/tag-parser';
import type { GenerateRequest, LanguageModel } from '@gpt4video/ports/language-model';
import type { AnswerReader } from './answer-reader.js';

/** Tells of one run of the language model; filled while it is read. */
export class Generation {
  readonly ids: number[] = [];
  reason: 'stop' | 'length' = 'stop';
  cachedTokens = 0;
  firstTokenMs = 0;
  totalMs = 0;

  constructor(
    private readonly model: LanguageModel,
    private readonly request: GenerateRequest,
  ) {}

  /** What the tokens say, as they come; ends with the model's turn, the token limit or a stop string. */
  async *read(reader: AnswerReader, signal: AbortSignal): AsyncGenerator<TagEvent> {
    const started = performance.now();
    for await (const event of this.model.generate(this.request, signal)) {
      if (event.kind === 'end') {
        this.reason = event.reason;
        this.cachedTokens = event.cachedTokens;
        this.firstTokenMs = event.firstTokenMs;
        this.totalMs = event.totalMs;
        break;
      }
      this.totalMs = performance.now() - started;
      if (this.ids.length === 0) this.firstTokenMs = this.totalMs;
      this.ids.push(event.id);
      yield* reader.push(event.id);
      if (reader.stopped) break;
    }
    yield* reader.end();
  }
}
