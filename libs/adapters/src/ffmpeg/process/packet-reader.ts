import { Packet } from 'node-av/lib';
import { AVSEEK_FLAG_BACKWARD } from 'node-av/constants';
import type { PacketRange } from './decode-plan.js';
import type { OpenVideo } from './open-video.js';
import type { PacketScan } from './packet-scan.js';

/** Calls `visit` with each packet of the range and its position; from memory, or from the file a second time when it was too large to keep. */
export function readPackets(video: OpenVideo, scan: PacketScan, range: PacketRange, visit: (packet: Packet, position: number) => void): void {
  if (scan.packets.length > 0) {
    for (let position = range.from; position <= range.to; position += 1) {
      const packet = scan.packets[position];
      if (packet !== undefined) visit(packet, position);
    }
    return;
  }
  reread(video, scan, range, visit);
}

function reread({ format, stream }: OpenVideo, scan: PacketScan, range: PacketRange, visit: (packet: Packet, position: number) => void): void {
  const packet = new Packet();
  packet.alloc();
  try {
    let position = seekTo({ format, stream } as OpenVideo, scan, range.from, packet);
    if (position < 0) return;
    do {
      if (packet.streamIndex === stream.index && packet.size > 0) {
        if (position >= range.from) visit(packet, position);
        position += 1;
      }
      packet.unref();
    } while (position <= range.to && format.readFrameSync(packet) >= 0);
  } finally {
    packet.free();
  }
}

/** Seeks to a keyframe at or before the packet and reads one packet; its position among the scanned, from its time. -1 at the end of the file. */
function seekTo({ format, stream }: OpenVideo, scan: PacketScan, from: number, packet: Packet): number {
  const positions = new Map(scan.records.map((record, position) => [record.pts, position]));
  for (const target of [scan.records[from]?.pts, scan.records[0]?.pts]) {
    format.seekFrameSync(stream.index, BigInt(Math.round(target ?? 0)), AVSEEK_FLAG_BACKWARD);
    while (format.readFrameSync(packet) >= 0) {
      const position = packet.streamIndex === stream.index ? positions.get(Number(packet.pts)) : undefined;
      if (position !== undefined && position <= from) return position;
      packet.unref();
      if (position !== undefined) break;
    }
  }
  return -1;
}
