import type { AnswerEnd } from './turn.js';

/** Told of each finished answer, for metrics. */
export abstract class DialogueObserver {
  /** An answer ended. */
  abstract answered(end: AnswerEnd): void;
}
