import { StopStrings } from '@gpt4video/model/language/stop-strings';
import { TagParser, type TagEvent } from '@gpt4video/model/language/tag-parser';
import { Utf8Stream } from '@gpt4video/model/language/utf8-stream';
import type { TextTokenizer } from '@gpt4video/ports/text-tokenizer';

/** Tokens → characters → stop strings → text and captions, as far as each token allows. One instance an answer. */
export class AnswerReader {
  private readonly characters = new Utf8Stream();
  private readonly stops: StopStrings;
  private readonly tags = new TagParser();
  private over = false;

  constructor(
    private readonly tokenizer: TextTokenizer,
    stop: readonly string[],
  ) {
    this.stops = new StopStrings(stop);
  }

  /** True once a stop string was met; what follows is not part of the answer. */
  get stopped(): boolean {
    return this.over;
  }

  /** What the token completes: nothing while characters, stop strings or tags are still open. */
  push(id: number): readonly TagEvent[] {
    return this.read(this.characters.push(this.tokenizer.bytesOf(id)));
  }

  /** What is left at the end: held-back text, never an unclosed tag. */
  end(): readonly TagEvent[] {
    const rest = this.over ? [] : this.read(this.characters.flush());
    const held = this.over ? '' : this.stops.flush();
    return [...rest, ...this.tags.push(held), ...this.tags.flush()];
  }

  private read(characters: string): readonly TagEvent[] {
    if (this.over || characters === '') return [];
    const { text, stopped } = this.stops.push(characters);
    this.over = stopped;
    return this.tags.push(text);
  }
}
