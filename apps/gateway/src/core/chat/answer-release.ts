import { Injectable } from '@nestjs/common';
import { captionLink } from '@gpt4video/model/language/history';
import { type BlockingVerdict, DomainError, isDomainError } from '@gpt4video/ports/errors';
import { GenerationService } from '../generations/generation.service.js';
import { Screener, type Verdict } from '../screening/screener.js';
import { CHAT_OPTION_NAMES } from './chat-option-names.js';
import type { DialogueEvent } from './dialogue.js';
import { FilmWatcher } from './film-watcher.js';
import { CAPTION_REFUSAL, REFUSAL } from './refusal.js';
import { ReleaseWindow, WINDOW_MAX_CHARS } from './release-window.js';
import type { AnswerVideo, Turn, TurnEnd, TurnEvent } from './turn.js';
import { TurnJournal } from './turn-journal.js';

/** A model's answer on its way to the person. */
export interface Answer {
  readonly turn: Turn;
  readonly events: AsyncIterable<DialogueEvent>;
  /** What screening said of the question. */
  readonly input: Verdict;
}

/** What was released so far. */
interface Released {
  /** End of the released text, which gives the next window its context. */
  tail: string;
  output?: Verdict;
  readonly refusedCaptions: BlockingVerdict[];
  readonly videos: AnswerVideo[];
}

const NO_USAGE = { textTokens: 0, videoTokens: 0, completionTokens: 0, cachedTokens: 0 };

/** Lets an answer out in windows that screening has passed, and turns its captions into queued films. */
@Injectable()
export class AnswerRelease {
  constructor(
    private readonly screener: Screener,
    private readonly generations: GenerationService,
    private readonly watcher: FilmWatcher,
    private readonly journal: TurnJournal,
  ) {}

  /** The released answer; ends with `end`. An output that is declined ends the answer with `content_filter`. */
  async *run(answer: Answer, signal: AbortSignal): AsyncGenerator<TurnEvent> {
    const window = new ReleaseWindow();
    const released: Released = { tail: '', refusedCaptions: [], videos: [] };
    for await (const event of answer.events) {
      const windows = event.kind === 'text' ? window.push(event.text) : [window.flush()];
      for (const text of windows) {
        if (text === '') continue;
        if (!(await this.passes(answer.turn.tenantId, text, released, signal))) return yield* this.declined(answer, released);
        released.tail = text.slice(-WINDOW_MAX_CHARS);
        yield { kind: 'text', text };
      }
      if (event.kind === 'caption') yield* this.film(answer.turn, event.caption, released, signal);
      if (event.kind === 'finish') return yield* this.finish(answer, event, released, signal);
    }
    throw new DomainError('unavailable', 'The dialogue stage ended its answer without a finish; try again.');
  }

  private async passes(tenantId: string, text: string, released: Released, signal: AbortSignal): Promise<boolean> {
    const [verdict] = await this.journal.timed('screen_out', () => this.screener.screenTexts({ tenantId, texts: [released.tail + text], stage: 'output' }, signal));
    if (verdict === undefined) throw new DomainError('screening_unavailable', 'Screening gave no verdict, and nothing passes without one; try again.');
    if (released.output === undefined || !verdict.allowed || verdict.score > released.output.score) released.output = verdict;
    return verdict.allowed;
  }

  private async *film(turn: Turn, caption: string, released: Released, signal: AbortSignal): AsyncGenerator<TurnEvent> {
    const order = { tenantId: turn.tenantId, caption, card: turn.card, options: turn.film, names: CHAT_OPTION_NAMES, traceparent: turn.traceparent, once: nameOf(turn, caption, released.videos.length) };
    try {
      const { id, status, progress } = await this.generations.screenAndQueue(order, signal);
      const video: AnswerVideo = { index: released.videos.length, id, caption, status, progress };
      released.videos.push(video);
      yield { kind: 'text', text: captionLink({ id, caption }) };
      yield { kind: 'video', video };
    } catch (error) {
      if (!isDomainError(error) || error.code !== 'content_blocked') throw error;
      if (error.verdict !== undefined) released.refusedCaptions.push(error.verdict);
      this.journal.refused('caption', error.category ?? '');
      yield { kind: 'text', text: CAPTION_REFUSAL };
    }
  }

  private async *finish(answer: Answer, finish: Extract<DialogueEvent, { kind: 'finish' }>, released: Released, signal: AbortSignal): AsyncGenerator<TurnEvent> {
    this.journal.stage('vision', finish.visionMs);
    this.journal.stage('first_token', finish.firstTokenMs);
    this.journal.stage('language', finish.modelMs);
    if (answer.turn.waitForFilms) {
      for await (const video of this.watcher.follow(answer.turn.tenantId, released.videos, signal)) yield { kind: 'video', video };
    }
    const usage = { textTokens: finish.promptTokens, videoTokens: finish.videoTokens, completionTokens: finish.completionTokens, cachedTokens: finish.cachedTokens };
    yield this.end(answer, released, { reason: released.refusedCaptions.length > 0 ? 'content_filter' : finish.reason, usage, bundleRevision: finish.bundleRevision });
  }

  private *declined(answer: Answer, released: Released): Generator<TurnEvent> {
    this.journal.refused('output', released.output?.category ?? '');
    if (released.tail === '') yield { kind: 'text', text: REFUSAL };
    yield this.end(answer, released, { reason: 'content_filter', usage: NO_USAGE, bundleRevision: '' });
  }

  private end({ input }: Answer, { output, refusedCaptions: captions }: Released, rest: Omit<TurnEnd, 'moderation'>): TurnEvent {
    return { kind: 'end', end: { ...rest, moderation: output === undefined ? { input, captions } : { input, output, captions } } };
  }
}

/** The same film of the same turn, however often the turn is tried; another caption is another film. */
function nameOf({ once }: Turn, caption: string, index: number): string | undefined {
  return once === undefined ? undefined : JSON.stringify([once, index, caption]);
}
