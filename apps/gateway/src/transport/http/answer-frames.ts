import { Injectable } from '@nestjs/common';
import { Clock } from '@gpt4video/ports/clock';
import { chooseModel } from '../../core/models/choose-model.js';
import { type ModelCard, ModelCatalog } from '../../core/models/model-catalog.js';
import { newId } from '../../core/new-id.js';
import type { AnswerFrame } from './chat.answer.js';

/** What every piece of an answer carries: its id, time and model. */
@Injectable()
export class AnswerFrames {
  constructor(
    private readonly catalog: ModelCatalog,
    private readonly clock: Clock,
  ) {}

  /** The card of the model that a request names. Throws `model_not_found`. */
  cardOf(model: string | undefined): ModelCard {
    return chooseModel(this.catalog, model);
  }

  /** A frame for the next answer of the model. */
  next({ id }: ModelCard): AnswerFrame {
    return { id: newId('chatcmpl'), created: Math.floor(this.clock.now() / 1_000), model: id };
  }
}
