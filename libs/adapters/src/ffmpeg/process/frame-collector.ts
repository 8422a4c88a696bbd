import type { Frame } from 'node-av/lib';
import type { RgbConverter, RgbPicture } from './rgb-converter.js';

/** A frame that somebody wants: by index, and by the key under which the decoder will give it (a time in ticks, or a count). */
export interface WantedFrame {
  readonly index: number;
  readonly key: number;
}

/** Called for each wanted frame with the key of what was decoded for it. */
export type FrameSink = (wanted: WantedFrame, picture: RgbPicture, key: number) => void;

/** Hands the wanted ones of a run of decoded frames on, and remembers which are missing. */
export class FrameCollector {
  private pending: WantedFrame[];
  private latest: { readonly frame: Frame; readonly key: number } | undefined;
  private readonly converter: RgbConverter;
  private readonly sink: FrameSink;

  constructor(wanted: readonly WantedFrame[], converter: RgbConverter, sink: FrameSink) {
    this.pending = [...wanted];
    this.converter = converter;
    this.sink = sink;
  }

  /** What has not been handed on yet, ascending. */
  get missing(): readonly WantedFrame[] {
    return this.pending;
  }

  /** Takes a frame only for a wanted one with this very key. */
  offerExact(frame: Frame, key: number): void {
    const wanted = this.pending.find((each) => each.key === key);
    if (wanted === undefined) return;
    this.pending = this.pending.filter((each) => each !== wanted);
    this.sink(wanted, this.converter.convert(frame), key);
  }

  /** Frames come in ascending order: takes this one for every wanted key that has been passed, so a lost frame gets the next. */
  offerInOrder(frame: Frame, key: number): void {
    while (this.pending[0] !== undefined && this.pending[0].key <= key) this.take(this.pending[0], frame, key);
    this.latest?.frame.free();
    const held = frame.clone();
    this.latest = held === null ? undefined : { frame: held, key };
  }

  /** Gives what is still missing the last frame of all. False when there was none. */
  finish(): boolean {
    const { latest } = this;
    while (latest !== undefined && this.pending[0] !== undefined) this.take(this.pending[0], latest.frame, latest.key);
    latest?.frame.free();
    this.latest = undefined;
    return this.pending.length === 0;
  }

  private take(wanted: WantedFrame, frame: Frame, key: number): void {
    this.pending.shift();
    this.sink(wanted, this.converter.convert(frame), key);
  }
}
