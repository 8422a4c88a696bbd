import { Packet } from 'node-av/lib';
import { AV_CODEC_ID_VP8, AV_PKT_FLAG_DISCARD } from 'node-av/constants';
import type { DecodeLimits } from '@gpt4video/ports/video-codec';
import type { PacketRecord } from './decode-plan.js';
import { Refusal } from './messages.js';
import type { OpenVideo } from './open-video.js';

/** All packets of the video stream in decoding order: what is known of each, and the packets themselves while they fit. */
export interface PacketScan {
  readonly records: readonly PacketRecord[];
  /** Ticks each packet is shown; 0 when the container does not say. */
  readonly durations: readonly number[];
  /** Empty when the stream is too long to keep; it is then read a second time. */
  readonly packets: readonly Packet[];
}

const NO_TIME = -(2n ** 63n);
/** VP8 (RFC 6386 §9.1): bit 4 of the frame tag says whether the frame is shown. */
const VP8_SHOWN = 0x10;

/** What bounds a scan. */
export interface ScanOptions {
  readonly limits: DecodeLimits;
  /** Bytes of compressed video that are kept for the second pass. */
  readonly keptBytes: number;
  /** Throws when the time is over. */
  readonly checkTime: () => void;
}

/** Demuxes the whole stream without decoding. What the header says of the number of frames is not believed. */
export function scanPackets(video: OpenVideo, { limits, keptBytes, checkTime }: ScanOptions): PacketScan {
  const { format, stream } = video;
  const records: PacketRecord[] = [];
  const durations: number[] = [];
  let packets: Packet[] = [];
  let bytes = 0;
  const isVp8 = stream.codecpar.codecId === AV_CODEC_ID_VP8;
  const packet = new Packet();
  packet.alloc();
  try {
    while (format.readFrameSync(packet) >= 0) {
      if (packet.streamIndex === stream.index && packet.size > 0) {
        const hidden = packet.hasFlags(AV_PKT_FLAG_DISCARD) || (isVp8 && ((packet.data?.[0] ?? VP8_SHOWN) & VP8_SHOWN) === 0);
        records.push({ pts: packet.pts === NO_TIME ? undefined : Number(packet.pts), key: packet.isKeyframe, shown: !hidden });
        durations.push(Number(packet.duration));
        bytes += packet.size;
        const kept = bytes <= keptBytes ? packet.clone() : null;
        if (kept !== null) packets.push(kept);
        if (records.length > limits.maxFrames) throw tooManyFrames(limits.maxFrames);
        checkTime();
      }
      packet.unref();
    }
    if (packets.length < records.length) {
      freePackets(packets);
      packets = [];
    }
    return { records: withoutFalseKeys(records, video.decoder.name ?? ''), durations, packets };
  } catch (error) {
    freePackets(packets);
    throw error;
  } finally {
    packet.free();
  }
}

/** Frees packets that were kept. */
export function freePackets(packets: readonly Packet[]): void {
  for (const packet of packets) packet.free();
}

/** MP4 files without a sync table call every packet a keyframe; for codecs that predict between frames only the first is believed then. */
function withoutFalseKeys(records: readonly PacketRecord[], decoder: string): readonly PacketRecord[] {
  if (!PREDICTIVE.has(decoder) || records.some(({ key }) => !key)) return records;
  return records.map((record, position) => ({ ...record, key: position === 0 }));
}

const PREDICTIVE: ReadonlySet<string> = new Set(['h264', 'hevc', 'vvc', 'vp8', 'vp9', 'libvpx-vp9', 'libdav1d', 'av1', 'mpeg4', 'mpeg2video', 'mpeg1video', 'h263', 'flv']);

function tooManyFrames(most: number): Refusal {
  return new Refusal('video_too_long', `The video has more than ${most} frames; send a shorter part of it.`);
}
