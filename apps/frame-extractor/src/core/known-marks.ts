import type { MarkKey } from '@gpt4video/model/watermark/mark-key';

/** The watermarks that films of ours carry, or once carried. */
export abstract class KnownMarks {
  abstract readonly keys: readonly MarkKey[];
}
