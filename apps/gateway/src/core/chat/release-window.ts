/** Characters after which a window is closed at the end of a clause. */
export const WINDOW_MIN_CHARS = 24;
/** Characters after which a window is closed at the next word at the latest. */
export const WINDOW_MAX_CHARS = 200;

/**
 * Cuts a stream of text into windows that are screened as a whole before a person sees any of them. A window ends after a
 * clause (`. , ; : ! ?` or a line break, followed by space) once it has `WINDOW_MIN_CHARS`, else before the word that would
 * exceed `WINDOW_MAX_CHARS`. The windows joined are the stream, unchanged.
 */
export class ReleaseWindow {
  private held = '';

  /** Takes more text and returns the windows that it completes. */
  push(text: string): string[] {
    this.held += text;
    const windows: string[] = [];
    for (let end = this.endOfWindow(); end !== undefined; end = this.endOfWindow()) {
      windows.push(this.held.slice(0, end));
      this.held = this.held.slice(end);
    }
    return windows;
  }

  /** The rest, and nothing is held any more. */
  flush(): string {
    const rest = this.held;
    this.held = '';
    return rest;
  }

  private endOfWindow(): number | undefined {
    // The space is part of the match, so that "3.5" and a clause whose next character has not come stay whole.
    for (const match of this.held.matchAll(/[.,;:!?]["')\]]*\s|\n/g)) {
      const end = match.index + match[0].length;
      if (end > WINDOW_MAX_CHARS) break;
      if (end >= WINDOW_MIN_CHARS) return end;
    }
    if (this.held.length <= WINDOW_MAX_CHARS) return undefined;
    const space = this.held.lastIndexOf(' ', WINDOW_MAX_CHARS - 1);
    return space > 0 ? space + 1 : wholeCharacters(this.held, WINDOW_MAX_CHARS);
  }
}

/** The length, one less when it would split a surrogate pair. */
function wholeCharacters(text: string, length: number): number {
  const last = text.charCodeAt(length - 1);
  return last >= 0xd800 && last <= 0xdbff ? length - 1 : length;
}
