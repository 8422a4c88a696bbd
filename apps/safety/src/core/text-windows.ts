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
