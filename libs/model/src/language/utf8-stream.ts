/**
 * Bytes in, whole characters out: a character split over several pushes waits until it is complete. Invalid bytes become
 * U+FFFD. A byte order mark is text like any other.
 */
export class Utf8Stream {
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  /** The characters that these bytes complete. */
  push(bytes: Uint8Array): string {
    return this.decoder.decode(bytes, { stream: true });
  }

  /** The end: U+FFFD for an unfinished character, else nothing. The stream can be used again. */
  flush(): string {
    return this.decoder.decode();
  }
}
