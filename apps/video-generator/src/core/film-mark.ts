import type { MarkKey } from '@gpt4video/model/watermark/mark-key';

/** The secret that marks this worker's films. */
export abstract class FilmMark implements MarkKey {
  abstract readonly offsets: Float64Array;
}
