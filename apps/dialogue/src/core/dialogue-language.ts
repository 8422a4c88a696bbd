import { Injectable } from '@nestjs/common';
import { DomainError } from '@gpt4video/ports/errors';
import { DialogueSettings } from './dialogue-settings.js';
import { CaptionTokenizer, DialogueTokenizer } from './dialogue-tokenizer.js';

/** The words of the bundle: its vocabularies and the ids that its template rests on. */
@Injectable()
export class DialogueLanguage {
  /** Ids that end the model's turn. Each stop string of the bundle is one special token. */
  readonly stopIds: readonly number[];

  constructor(
    readonly tokenizer: DialogueTokenizer,
    private readonly captions: CaptionTokenizer,
    readonly settings: DialogueSettings,
  ) {
    this.stopIds = settings.template.stop.map((stop) => this.idOf(stop));
  }

  /** True when the film model's text encoder does not read all of the caption. */
  captionIsLong(caption: string): boolean {
    return this.captions.encode(caption, { special: false }).length > this.settings.captionTokens;
  }

  private idOf(stop: string): number {
    const [id, ...rest] = this.tokenizer.encode(stop, { special: true });
    if (id === undefined || rest.length > 0) {
      throw new DomainError('model_unavailable', `The bundle's stop string "${stop}" is not one token of its vocabulary; correct language.template.stop in bundle.json.`);
    }
    return id;
  }
}
