import type { DecodeLimits, VideoFacts } from '@gpt4video/ports/video-codec';
import { AV_PKT_DATA_DISPLAYMATRIX } from 'node-av/constants';
import { decodeRanges, type PacketRange, presentationOrder } from './decode-plan.js';
import { FrameCollector, type WantedFrame } from './frame-collector.js';
import { FrameDecoder } from './frame-decoder.js';
import { type FrameReply, Refusal } from './messages.js';
import { closeVideo, type OpenVideo, openVideo } from './open-video.js';
import { readPackets } from './packet-reader.js';
import { freePackets, type PacketScan, scanPackets } from './packet-scan.js';
import { orientationOf } from './orientation.js';
import { RgbConverter } from './rgb-converter.js';

/** One file from opening to its last frame. */
export class VideoJob {
  readonly facts: VideoFacts;
  private readonly path: string;
  private readonly video: OpenVideo;
  private readonly scan: PacketScan;
  private readonly order: readonly number[] | undefined;
  /** Time of each frame in the order of presentation, ticks; empty when the container gives none. */
  private readonly times: readonly number[];
  private readonly limits: DecodeLimits;
  private readonly checkTime: () => void;

  constructor(path: string, limits: DecodeLimits, keptBytes: number) {
    this.path = path;
    this.limits = limits;
    this.checkTime = workClock(limits.maxWorkMs);
    this.video = openVideo(path, limits);
    try {
      this.scan = scanPackets(this.video, { limits, keptBytes, checkTime: this.checkTime });
    } catch (error) {
      closeVideo(this.video);
      throw error;
    }
    const { records } = this.scan;
    this.order = presentationOrder(records);
    this.times = this.order?.map((position) => records[position]?.pts ?? 0) ?? [];
    this.facts = this.gatherFacts();
    try {
      this.checkFacts();
    } catch (error) {
      this.free();
      throw error;
    }
  }

  /** Decodes the frames at these indexes (ascending, no repeats) and calls `onFrame` for each. Throws `invalid_video` when nothing decodes. */
  decode(indexes: readonly number[], maxSide: number, onFrame: (reply: FrameReply) => void): void {
    const { video } = this;
    const matrix = video.stream.codecpar.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX);
    const converter = new RgbConverter({ maxSide, pixelAspect: video.pixelAspect, matrix });
    const wanted = indexes.map((index) => ({ index, key: this.order === undefined ? index : (this.times[index] ?? 0) }));
    const collector = new FrameCollector(wanted, converter, (target, picture, key) => {
      const index = this.order === undefined ? key : this.indexAt(key);
      onFrame({ kind: 'frame', wanted: target.index, index, ...picture, timestampMs: this.timestampMs(index) });
    });
    try {
      if (this.order !== undefined) this.decodeSparsely(wanted, collector, this.order);
      if (collector.missing.length > 0) this.decodeAll(collector);
      if (!collector.finish()) throw new Refusal('invalid_video', 'No frame of the video can be decoded; it is damaged, so export it again and upload it.');
    } finally {
      collector.finish();
      converter.free();
    }
  }

  /** Frees native memory. */
  free(): void {
    freePackets(this.scan.packets);
    closeVideo(this.video);
  }

  /** From keyframe to wanted frame, passing over what nothing refers to. */
  private decodeSparsely(wanted: readonly WantedFrame[], collector: FrameCollector, order: readonly number[]): void {
    const positions = new Set(wanted.flatMap(({ index }) => order[index] ?? []));
    this.run(decodeRanges(this.scan.records, [...positions]), (position) => positions.has(position), (frame, pts) => collector.offerExact(frame, pts ?? NaN));
  }

  /** Everything, in order: for streams without times, and for what a damaged stream did not give up by the short way. */
  private decodeAll(collector: FrameCollector): void {
    let count = 0;
    this.run([{ from: 0, to: this.scan.records.length - 1 }], () => true, (frame, pts) => {
      collector.offerInOrder(frame, this.order === undefined ? count : (pts ?? NaN));
      count += 1;
    });
  }

  private run(ranges: readonly PacketRange[], needed: (position: number) => boolean, onFrame: ConstructorParameters<typeof FrameDecoder>[2]): void {
    const decoder = new FrameDecoder(this.video, this.limits.maxPixels, onFrame);
    try {
      readPackets(this.scan, ranges, () => openVideo(this.path, this.limits), {
        packet: (packet, position) => {
          this.checkTime();
          decoder.decode(packet, needed(position));
        },
        endOfRange: () => decoder.drain(),
      });
    } finally {
      decoder.free();
    }
  }

  /** The frame shown at a time: the last that starts at or before it. */
  private indexAt(time: number): number {
    const next = this.times.findIndex((each) => each > time);
    return next === -1 ? this.times.length - 1 : Math.max(0, next - 1);
  }

  private timestampMs(index: number): number {
    const first = this.times[0];
    if (first === undefined) return Math.round((index * 1000) / this.facts.frameRate);
    return Math.round(((this.times[index] ?? first) - first) * this.video.tickMs);
  }

  private gatherFacts(): VideoFacts {
    const { format, stream, decoder, tickMs, pixelAspect } = this.video;
    const { codecpar } = stream;
    const shown = this.scan.records.filter((record) => record.shown).length;
    const nominal = stream.avgFrameRate.den > 0 && stream.avgFrameRate.num > 0 ? stream.avgFrameRate.toDouble() : 25;
    const spanTicks = (this.times.at(-1) ?? 0) - (this.times[0] ?? 0);
    const measured = spanTicks > 0 ? ((this.times.length - 1) * 1000) / (spanTicks * tickMs) : nominal;
    const last = this.scan.durations[this.order?.at(-1) ?? -1] ?? 0;
    const durationMs = spanTicks > 0 ? (spanTicks + last) * tickMs : (shown * 1000) / nominal;
    const [width, height] = [Math.max(1, Math.round(codecpar.width * pixelAspect)), codecpar.height];
    const { transpose } = orientationOf(codecpar.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX));
    return {
      container: format.iformat?.name ?? 'unknown',
      codec: decoder.name ?? 'unknown',
      ...(transpose ? { width: height, height: width } : { width, height }),
      durationMs: Math.round(durationMs),
      frameCount: shown,
      frameRate: measured,
    };
  }

  private checkFacts(): void {
    if (this.facts.frameCount === 0) throw new Refusal('invalid_video', 'The video has no frames; export it again and upload the whole file.');
    if (this.facts.durationMs > this.limits.maxDurationMs) {
      throw new Refusal('video_too_long', `The video lasts ${Math.round(this.facts.durationMs / 1000)} s and at most ${Math.round(this.limits.maxDurationMs / 1000)} s are read; send a part of it.`);
    }
  }
}

function workClock(maxWorkMs: number): () => void {
  const deadline = performance.now() + maxWorkMs;
  return () => {
    if (performance.now() > deadline) throw new Refusal('video_too_large', 'Decoding the video takes too long; send a shorter or smaller one.');
  };
}
