import { Packet } from 'node-av/lib';
import type { PacketRange } from './decode-plan.js';
import { closeVideo, type OpenVideo } from './open-video.js';
import type { PacketScan } from './packet-scan.js';

/** Where packets go: each of a range with its position, then the end of the range. */
export interface PacketVisitor {
  packet(packet: Packet, position: number): void;
  endOfRange(): void;
}

/**
 * Reads ascending ranges of packets: from memory, or, when the stream was too long to keep, from the file opened again. That pass
 * reads on from the start and does not seek: a seek in MPEG-TS or Matroska does not say which packet it landed on, and demuxing is cheap.
 */
export function readPackets(scan: PacketScan, ranges: readonly PacketRange[], reopen: () => OpenVideo, visitor: PacketVisitor): void {
  if (scan.packets.length > 0 || scan.records.length === 0) readKept(scan.packets, ranges, visitor);
  else readAgain(ranges, reopen, visitor);
}

function readKept(packets: readonly Packet[], ranges: readonly PacketRange[], visitor: PacketVisitor): void {
  for (const range of ranges) {
    for (let position = range.from; position <= range.to; position += 1) {
      const packet = packets[position];
      if (packet !== undefined) visitor.packet(packet, position);
    }
    visitor.endOfRange();
  }
}

function readAgain(ranges: readonly PacketRange[], reopen: () => OpenVideo, visitor: PacketVisitor): void {
  const video = reopen();
  const packet = new Packet();
  packet.alloc();
  const next = (): boolean => {
    packet.unref();
    while (video.format.readFrameSync(packet) >= 0) {
      if (packet.streamIndex === video.stream.index && packet.size > 0) return true;
      packet.unref();
    }
    return false;
  };
  try {
    let position = -1;
    for (const range of ranges) {
      while (position < range.to && next()) {
        position += 1;
        if (position >= range.from) visitor.packet(packet, position);
      }
      visitor.endOfRange();
    }
  } finally {
    packet.free();
    closeVideo(video);
  }
}
