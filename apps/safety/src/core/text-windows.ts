/** How a long text is cut. */
export interface WindowPlan {
  /** Most tokens in a window. */
  readonly size: number;
  /** Tokens that neighbours share; below `size`. */
  readonly overlap: number;
}

/** Cuts token ids into overlapping windows that cover all of them; a short text is one window, an empty one has none. */
export function textWindows(ids: readonly number[], { size, overlap }: WindowPlan): readonly (readonly number[])[] {
  const windows: (readonly number[])[] = [];
  for (let start = 0; start < ids.length; start += size - overlap) {
    windows.push(ids.slice(start, start + size));
    if (start + size >= ids.length) break;
  }
  return windows;
}

// Ends of sentences in Latin and CJK writing, and ends of lines; the mark stays with its sentence.
const SENTENCE_END = /(?<=[.!?…][\s"')\]]*\s)|(?<=[。！？\n])/u;

/** Cuts a text at the ends of its sentences and lines; blank ones are left out. */
export function sentences(text: string): readonly string[] {
  return text.split(SENTENCE_END).filter((sentence) => sentence.trim() !== '');
}
