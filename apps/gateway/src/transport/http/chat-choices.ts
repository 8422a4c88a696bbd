import type { ChatService, PreparedTurn } from '../../core/chat/chat.service.js';
import type { TurnEvent } from '../../core/chat/turn.js';

/** A step of one of the answers to a request. */
export interface ChoiceEvent {
  /** Which answer, from 0. */
  readonly choice: number;
  readonly event: TurnEvent;
}

/** `count` answers one after the other; each has the seed of the one before it plus one, and so has its film. */
export async function* answerChoices(chat: ChatService, { turn, media }: PreparedTurn, count: number, signal: AbortSignal): AsyncGenerator<ChoiceEvent> {
  for (let choice = 0; choice < count; choice += 1) {
    const sampling = { ...turn.sampling, seed: turn.sampling.seed + choice };
    const film = turn.film.seed === undefined ? turn.film : { ...turn.film, seed: turn.film.seed + choice };
    const once = turn.once === undefined ? undefined : `${turn.once} ${choice}`;
    let told = choice > 0 || media.named.length === 0;
    for await (const event of chat.answer({ turn: { ...turn, sampling, film, once }, media }, signal)) {
      // Not before the first event is there: what fails until then is told by the status.
      if (!told) yield { choice, event: { kind: 'media', files: media.named } };
      told = true;
      yield { choice, event };
    }
  }
}
