/** A tag of the text: `<video>`, `<video0>`, `<vid1>`, and their closing forms (paper §3.4 and its raw data). */
export interface Tag {
  /** `video`, `video0`, `vid1`: what an opening and its closing tag share. */
  readonly name: string;
  readonly closing: boolean;
}

/** Most digits of an index: `<video999>` is a tag, `<video1000>` is text. */
const WHOLE_TAG = /^<(\/?)(video\d{0,3}|vid\d{1,3})>$/;
/** Every proper beginning of a tag. */
const TAG_START = /^<\/?(v|vi|vid|vid\d{1,3}|vide|video\d{0,3})?$/;
/** A tag at the end of a text. */
const TAG_AT_END = /<\/?(video\d{0,3}|vid\d{1,3})>$/;

/** Longest tag, `</video999>`. */
export const LONGEST_TAG = 11;

/** The tag that the text is, or undefined. */
export function tagOf(text: string): Tag | undefined {
  const match = WHOLE_TAG.exec(text);
  return match === null ? undefined : { name: match[2] ?? '', closing: match[1] === '/' };
}

/** True while more text could still make it a tag. */
export function mayBecomeTag(text: string): boolean {
  return TAG_START.test(text);
}

/** True when the text ends in a tag. */
export function endsInTag(text: string): boolean {
  return TAG_AT_END.test(text);
}
