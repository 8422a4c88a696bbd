import { statSync } from 'node:fs';
import { Codec, Dictionary, FormatContext, type Stream } from 'node-av/lib';
import { AV_DISPOSITION_ATTACHED_PIC, AV_PKT_DATA_ENCRYPTION_INIT_INFO, AVDISCARD_ALL, AVERROR_INVALIDDATA, AVMEDIA_TYPE_VIDEO } from 'node-av/constants';
import type { DecodeLimits } from '@gpt4video/ports/video-codec';
import { Refusal } from './messages.js';

/** An opened file and its video stream. */
export interface OpenVideo {
  readonly format: FormatContext;
  readonly stream: Stream;
  readonly decoder: Codec;
  /** Milliseconds of one tick of the stream. */
  readonly tickMs: number;
  /** Shape of a pixel, width by height. */
  readonly pixelAspect: number;
}

/** Containers that are read. The list keeps out playlists and scripts, which would open other files. */
const CONTAINERS = 'mov,mp4,matroska,webm,avi,gif,mpegts,flv,mpeg,ogg,asf,png_pipe,jpeg_pipe,webp_pipe';
const NOT_READABLE = 'The file is not a video that can be read; send an MP4, MOV, MKV, WebM, AVI, GIF, TS, FLV or 3GP file, or a PNG, JPEG or WebP picture.';
const DAMAGED = 'The file is not a video, or is damaged or cut off; export it again and upload the whole file.';
const WIDEST_PIXEL = 8;

/** Opens a file, checks what its header claims against the limits before anything of that size is allocated, and picks the video stream. */
export function openVideo(path: string, limits: DecodeLimits): OpenVideo {
  if (statSync(path).size === 0) throw new Refusal('invalid_video', 'The file is empty; upload the video again.');
  const format = new FormatContext();
  try {
    const opened = withDictionary({ protocol_whitelist: 'file', format_whitelist: CONTAINERS }, (options) => format.openInputSync(path, null, options));
    if (opened < 0) throw opened === AVERROR_INVALIDDATA ? new Refusal('invalid_video', DAMAGED) : new Refusal('unsupported_media', NOT_READABLE);
    checkHeader(format, limits);
    // Without options: node-av 6.1 hands over one dictionary where FFmpeg reads one for each stream.
    if (format.findStreamInfoSync() < 0) throw new Refusal('invalid_video', DAMAGED);
    checkHeader(format, limits);
    return pick(format);
  } catch (error) {
    format.closeInputSync();
    throw error;
  }
}

/** Frees the file. */
export function closeVideo({ format }: OpenVideo): void {
  format.closeInputSync();
}

/** Runs `work` with options, and frees them. */
function withDictionary<T>(entries: Record<string, string>, work: (options: Dictionary) => T): T {
  const options = Dictionary.fromObject(entries);
  try {
    return work(options);
  } finally {
    options.free();
  }
}

function checkHeader(format: FormatContext, limits: DecodeLimits): void {
  if (format.nbStreams > limits.maxStreams) {
    throw new Refusal('unsupported_media', `The file has ${format.nbStreams} tracks and at most ${limits.maxStreams} are read; export it with one video track.`);
  }
  for (const { codecpar } of format.streams) {
    if (codecpar.codecType !== AVMEDIA_TYPE_VIDEO || codecpar.width * codecpar.height <= limits.maxPixels) continue;
    throw new Refusal('video_too_large', `The video is ${codecpar.width}×${codecpar.height} pixels and at most ${limits.maxPixels} pixels a frame are read; scale it down.`);
  }
  const durationMs = Number(format.duration) / 1000;
  if (durationMs > limits.maxDurationMs) {
    throw new Refusal('video_too_long', `The video lasts ${Math.round(durationMs / 1000)} s and at most ${Math.round(limits.maxDurationMs / 1000)} s are read; send a part of it.`);
  }
}

function pick(format: FormatContext): OpenVideo {
  const stream = format.streams[format.findBestStream(AVMEDIA_TYPE_VIDEO)];
  if (stream === undefined || stream.hasDisposition(AV_DISPOSITION_ATTACHED_PIC)) {
    if (format.nbStreams > 0) throw new Refusal('unsupported_media', 'The file has no video track, only sound or data; send a file with pictures.');
    throw new Refusal('invalid_video', DAMAGED);
  }
  const { codecpar } = stream;
  if (codecpar.codecTagString === 'encv' || codecpar.getCodedSideData(AV_PKT_DATA_ENCRYPTION_INIT_INFO) !== null) {
    throw new Refusal('unsupported_media', 'The video is encrypted (DRM); send an unprotected copy.');
  }
  const decoder = Codec.findDecoder(codecpar.codecId);
  if (decoder === null) throw new Refusal('unsupported_media', 'The codec of the video is not known; convert it to H.264 in MP4.');
  if (codecpar.width <= 0 || codecpar.height <= 0) throw new Refusal('invalid_video', DAMAGED);
  for (const other of format.streams) if (other.index !== stream.index) other.discard = AVDISCARD_ALL;
  const { num, den } = stream.timeBase;
  return { format, stream, decoder, tickMs: (1000 * num) / den, pixelAspect: aspectOf(stream) };
}

function aspectOf({ sampleAspectRatio, codecpar }: Stream): number {
  const { num, den } = sampleAspectRatio.num > 0 ? sampleAspectRatio : codecpar.sampleAspectRatio;
  const aspect = num > 0 && den > 0 ? num / den : 1;
  return aspect > WIDEST_PIXEL || aspect < 1 / WIDEST_PIXEL ? 1 : aspect;
}
