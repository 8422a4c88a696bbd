import { availableParallelism } from 'node:os';
import { CodecContext, Frame, type Packet } from 'node-av/lib';
import { AVERROR_EOF, FF_THREAD_FRAME, FF_THREAD_SLICE } from 'node-av/constants';
import type { OpenVideo } from './open-video.js';
import { Refusal } from './messages.js';

/** Threads of one decoder. */
const THREADS = Math.min(4, availableParallelism());
/** Decoders that drop a frame exactly when no other frame refers to it. */
const SKIPS_EXACTLY: ReadonlySet<string> = new Set(['h264', 'mpeg4', 'mpeg2video', 'vp9']);
const NO_TIME = -(2n ** 63n);

/** One decoder over one stream; frames come out in order of presentation. */
export class FrameDecoder {
  private readonly context = new CodecContext();
  private readonly frame = new Frame();
  private readonly canSkip: boolean;
  private readonly onFrame: (frame: Frame, pts: number | undefined) => void;
  private skipping = false;

  constructor(video: OpenVideo, maxPixels: number, onFrame: (frame: Frame, pts: number | undefined) => void) {
    this.onFrame = onFrame;
    this.canSkip = SKIPS_EXACTLY.has(video.decoder.name ?? '');
    this.context.allocContext3(video.decoder);
    this.context.parametersToContext(video.stream.codecpar);
    this.context.pktTimebase = video.stream.timeBase;
    this.context.threadCount = THREADS;
    this.context.threadType = (FF_THREAD_FRAME | FF_THREAD_SLICE) as typeof FF_THREAD_FRAME;
    this.frame.alloc();
    // As an option of the context: node-av 6.1 hands `open2` its dictionary without taking back the one that FFmpeg replaces it by.
    this.context.setOption('max_pixels', String(maxPixels));
    if (this.context.open2Sync(video.decoder) < 0) {
      this.free();
      throw new Refusal('unsupported_media', `The ${video.decoder.name ?? 'video'} stream has settings that are not decoded; convert it to H.264 in MP4.`);
    }
  }

  /** Decodes one packet. A packet that is not `needed` is skipped when nothing refers to it. Damage is passed over. */
  decode(packet: Packet, needed: boolean): void {
    if (this.canSkip && this.skipping === needed) {
      this.context.setOption('skip_frame', needed ? 'default' : 'noref');
      this.skipping = !needed;
    }
    this.context.sendPacketSync(packet);
    this.receive();
  }

  /** Gives out the frames that wait in the decoder, and makes it ready for a new start. */
  drain(): void {
    this.context.sendPacketSync(null);
    this.receive();
    this.context.flushBuffers();
  }

  /** Frees native memory. */
  free(): void {
    this.frame.free();
    this.context.freeContext();
  }

  private receive(): void {
    for (;;) {
      const result = this.context.receiveFrameSync(this.frame);
      if (result < 0) {
        // A damaged frame is reported once and the decoder goes on; only "again" and "end" have nothing more behind them.
        if (result === AVERROR_EOF || result === AGAIN) return;
        if ((this.faults += 1) > MOST_FAULTS) return;
        continue;
      }
      this.faults = 0;
      const time = this.frame.pts === NO_TIME ? this.frame.bestEffortTimestamp : this.frame.pts;
      this.onFrame(this.frame, time === NO_TIME ? undefined : Number(time));
      this.frame.unref();
    }
  }

  private faults = 0;
}

/** Faults in a row within one stream after which the decoder is not asked again for this packet. */
const MOST_FAULTS = 16;
const AGAIN = -11;
