import { Injectable } from '@nestjs/common';
import { toFilmSpec } from '../generations/film-options.js';
import { AnswerRelease } from './answer-release.js';
import { CHAT_OPTION_NAMES } from './chat-option-names.js';
import { Dialogue } from './dialogue.js';
import { toModelHistory } from './history.js';
import { InputScreening } from './input-screening.js';
import { MediaService, type PreparedMedia } from './media.service.js';
import { REFUSAL } from './refusal.js';
import { startPulling } from './start-pulling.js';
import type { Turn, TurnEvent } from './turn.js';
import { TurnJournal } from './turn-journal.js';

/** A turn whose media are stored and whose options the model can do. */
export interface PreparedTurn {
  readonly turn: Turn;
  readonly media: PreparedMedia;
}

/** Answers chat turns: screens in, lets the model see and speak, releases what screening has passed, queues films. */
@Injectable()
export class ChatService {
  constructor(
    private readonly media: MediaService,
    private readonly screening: InputScreening,
    private readonly dialogue: Dialogue,
    private readonly release: AnswerRelease,
    private readonly journal: TurnJournal,
  ) {}

  /** Checks the turn and stores its media, so that what is wrong with a request is known before the answer begins. */
  async prepare(turn: Turn, signal: AbortSignal): Promise<PreparedTurn> {
    toFilmSpec('', { ...turn.film, seed: 0 }, turn.card.film, CHAT_OPTION_NAMES);
    const media = await this.journal.timed('media', () => this.media.prepare(turn.tenantId, toModelHistory(turn.messages), signal));
    return { turn, media };
  }

  /** The answer, step by step; ends with `end`. Leaving early stops the model. Screening and vision run side by side; nothing is released before both. */
  async *answer({ turn, media }: PreparedTurn, signal: AbortSignal): AsyncGenerator<TurnEvent> {
    const work = new AbortController();
    const within = AbortSignal.any([signal, work.signal]);
    try {
      const verdict = this.journal.timed('screen_in', () => this.screening.screen(turn.tenantId, media, within));
      const events = this.dialogue.converse({ messages: media.messages, sampling: turn.sampling, videoMode: turn.videoMode }, within);
      const started = startPulling(events);
      // A request that the model cannot take fails without waiting for its screening.
      const input = await Promise.race([verdict, started.first.then(() => verdict)]);
      if (input.allowed) return yield* this.release.run({ turn, events: started.events, input }, within);
      this.journal.refused('input', input.category);
      yield { kind: 'text', text: REFUSAL };
      yield { kind: 'end', end: { reason: 'content_filter', usage: { textTokens: 0, videoTokens: 0, completionTokens: 0, cachedTokens: 0 }, moderation: { input }, bundleRevision: '' } };
    } finally {
      work.abort();
    }
  }
}
