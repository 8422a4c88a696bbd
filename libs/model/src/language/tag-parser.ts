import { LONGEST_TAG, endsInTag, mayBecomeTag, tagOf } from './tag-syntax.js';
import type { Tag } from './tag-syntax.js';

/** Why something between tags was not taken as a caption. */
export type TagWarning = 'empty' | 'mismatched' | 'nested' | 'stray_close' | 'too_long' | 'too_many' | 'unclosed';

/** A piece of an answer, in order: text to show, a caption to film, or a note about what was dropped. */
export type TagEvent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'caption'; /** Position among the captions, from 0. */ readonly index: number; /** Trimmed, white space collapsed. */ readonly caption: string }
  | { readonly kind: 'warning'; readonly reason: TagWarning };

/** Bounds of an answer's captions. */
export interface TagLimits {
  /** Most characters between two tags. */
  readonly maxLength: number;
  /** Most captions of an answer. */
  readonly maxCaptions: number;
}

/** The bounds unless told otherwise. */
export const TAG_LIMITS: TagLimits = { maxLength: 600, maxCaptions: 4 };

/**
 * Splits streamed text into words to show and captions to film: `<video>caption</video>`, `<videoN>`, `<vidN>`, closed pairs
 * only. Text passes as soon as it cannot be part of a tag; what is shown never holds a tag, however the stream was cut.
 * An opening tag inside another starts anew; unclosed, mismatched, over-long, empty and surplus captions are dropped with a warning.
 */
export class TagParser {
  /** A possible beginning of a tag. */
  private candidate = '';
  /** The last characters shown, in case what follows makes a tag of them. */
  private shown = '';
  private open: { readonly name: string; caption: string; tooLong: boolean } | undefined;
  private captions = 0;
  private events: TagEvent[] = [];

  constructor(private readonly limits: TagLimits = TAG_LIMITS) {}

  /** Takes more text; returns what it decides. */
  push(text: string): TagEvent[] {
    for (const character of text) this.take(character);
    return this.drain();
  }

  /** The end of the answer: releases text that turned out not to be a tag and drops an unclosed caption. */
  flush(): TagEvent[] {
    this.release(this.candidate);
    this.candidate = '';
    if (this.open !== undefined) this.warn('unclosed');
    this.open = undefined;
    return this.drain();
  }

  private take(character: string): void {
    const longer = this.candidate + character;
    if (mayBecomeTag(longer)) {
      this.candidate = longer;
      return;
    }
    const tag = tagOf(longer);
    this.candidate = '';
    if (tag !== undefined) return this.meet(tag);
    if (character !== '<') return this.release(longer);
    // The old beginning led nowhere, but this character may begin another.
    this.release(longer.slice(0, -1));
    this.candidate = '<';
  }

  private meet(tag: Tag): void {
    const { open } = this;
    if (!tag.closing) {
      if (open !== undefined) this.warn('nested');
      this.open = { name: tag.name, caption: '', tooLong: false };
      return;
    }
    this.open = undefined;
    if (open === undefined) this.warn('stray_close');
    else if (open.name !== tag.name) this.warn('mismatched');
    else if (!open.tooLong) this.finish(open.caption.trim().replace(/\s+/gu, ' '));
  }

  private finish(caption: string): void {
    if (caption === '') return this.warn('empty');
    if (this.captions >= this.limits.maxCaptions) return this.warn('too_many');
    this.events.push({ kind: 'caption', index: this.captions++, caption });
  }

  /** Text that is no tag: part of the open caption, or shown. */
  private release(text: string): void {
    if (text === '') return;
    if (this.open === undefined) return this.show(text);
    if (this.open.tooLong) return;
    this.open.caption += text;
    if (this.open.caption.length <= this.limits.maxLength) return;
    this.open = { ...this.open, caption: '', tooLong: true };
    this.warn('too_long');
  }

  private show(text: string): void {
    let visible = '';
    for (const character of text) {
      // Words on both sides of a dropped caption could join into a tag: its last character is left out.
      if (endsInTag(this.shown + character)) continue;
      visible += character;
      this.shown = (this.shown + character).slice(-LONGEST_TAG);
    }
    const last = this.events.at(-1);
    if (last?.kind === 'text') this.events[this.events.length - 1] = { kind: 'text', text: last.text + visible };
    else if (visible !== '') this.events.push({ kind: 'text', text: visible });
  }

  private warn(reason: TagWarning): void {
    this.events.push({ kind: 'warning', reason });
  }

  private drain(): TagEvent[] {
    const { events } = this;
    this.events = [];
    return events;
  }
}
