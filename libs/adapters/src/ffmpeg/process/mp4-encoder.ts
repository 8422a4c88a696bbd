import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EncodeRequest } from '@gpt4video/ports/video-codec';
import { Codec, CodecContext, Dictionary, FFmpegError, FormatContext, Frame, Packet, Rational, SoftwareScaleContext, type Stream } from 'node-av/lib';
import {
  AV_CODEC_FLAG_BITEXACT,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_OPT_SEARCH_CHILDREN,
  AV_OPT_TYPE_STRING,
  AV_PIX_FMT_RGB24,
  AV_PIX_FMT_YUV420P,
  AVCOL_PRI_BT709,
  AVCOL_RANGE_JPEG,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT709,
  AVCOL_SPC_RGB,
  AVCOL_TRC_BT709,
  FF_ENCODER_LIBX264,
} from 'node-av/constants';

/** x264's constant rate factor: visually lossless for drawn pictures. */
const CRF = '18';
/** Ticks of one frame in a stream time base of `1 / (fps · TICKS)`. */
const TICKS = 512;

/** Encodes H.264 MP4, 4:2:0, faststart. One thread and no version strings: same pixels, same bytes. */
export function encodeMp4(request: EncodeRequest): Uint8Array {
  const directory = mkdtempSync(join(tmpdir(), 'gpt4video-encode-'));
  const path = join(directory, 'film.mp4');
  try {
    // A file and not a pipe: faststart moves the index to the front afterwards.
    write(path, request);
    return readFileSync(path);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function write(path: string, request: EncodeRequest): void {
  const format = new FormatContext();
  const encoder = new CodecContext();
  try {
    check(format.allocOutputContext2(null, 'mp4', path), 'mp4');
    openEncoder(encoder, request);
    const stream = format.newStream();
    stream.timeBase = new Rational(1, request.fps * TICKS);
    stream.avgFrameRate = new Rational(request.fps, 1);
    check(stream.codecpar.fromContext(encoder), 'parameters');
    const tags = Dictionary.fromObject({ ...request.tags });
    format.metadata = tags;
    check(format.openOutputSync(), 'output');
    const settings = { movflags: '+faststart', fflags: '+bitexact', video_track_timescale: String(request.fps * TICKS) };
    for (const [name, value] of Object.entries(settings)) check(format.setOption(name, value, AV_OPT_TYPE_STRING, AV_OPT_SEARCH_CHILDREN), name);
    check(format.writeHeaderSync(), 'header');
    pump(format, encoder, stream, request);
    check(format.writeTrailerSync(), 'trailer');
  } finally {
    encoder.freeContext();
    format.closeOutputSync();
    format.freeContext();
  }
}

function openEncoder(encoder: CodecContext, { width, height, fps }: EncodeRequest): void {
  const codec = Codec.findEncoderByName(FF_ENCODER_LIBX264);
  if (codec === null) throw new Error('this build of FFmpeg has no libx264');
  encoder.allocContext3(codec);
  encoder.width = even(width);
  encoder.height = even(height);
  encoder.pixelFormat = AV_PIX_FMT_YUV420P;
  encoder.timeBase = new Rational(1, fps);
  encoder.framerate = new Rational(fps, 1);
  encoder.colorRange = AVCOL_RANGE_MPEG;
  encoder.colorSpace = AVCOL_SPC_BT709;
  encoder.colorPrimaries = AVCOL_PRI_BT709;
  encoder.colorTrc = AVCOL_TRC_BT709;
  encoder.threadCount = 1;
  encoder.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER, AV_CODEC_FLAG_BITEXACT);
  for (const [name, value] of [['crf', CRF], ['preset', 'medium']] as const) check(encoder.setOption(name, value, AV_OPT_TYPE_STRING, AV_OPT_SEARCH_CHILDREN), name);
  check(encoder.open2Sync(codec), 'encoder');
}

function pump(format: FormatContext, encoder: CodecContext, stream: Stream, request: EncodeRequest): void {
  const scaler = new SoftwareScaleContext();
  const packet = new Packet();
  scaler.allocContext();
  scaler.setOption('sws_flags', 'bicubic+accurate_rnd+full_chroma_int+full_chroma_inp');
  packet.alloc();
  const send = (frame: Frame | null): void => {
    check(encoder.sendFrameSync(frame), 'frame');
    while (encoder.receivePacketSync(packet) >= 0) {
      packet.streamIndex = stream.index;
      packet.duration ||= 1n;
      packet.rescaleTs(encoder.timeBase, stream.timeBase);
      check(format.interleavedWriteFrameSync(packet), 'packet');
      packet.unref();
    }
  };
  try {
    const size = request.width * request.height * 3;
    for (let index = 0; index < request.frames; index += 1) {
      const frame = toYuv(scaler, request, request.pixels.subarray(index * size, (index + 1) * size));
      frame.pts = BigInt(index);
      send(frame);
      frame.free();
    }
    send(null);
  } finally {
    packet.free();
    scaler.freeContext();
  }
}

function toYuv(scaler: SoftwareScaleContext, { width, height }: EncodeRequest, pixels: Uint8Array): Frame {
  const rgb = Frame.fromVideoBuffer(Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength), { width, height, format: AV_PIX_FMT_RGB24 });
  const yuv = new Frame();
  yuv.alloc();
  rgb.colorRange = AVCOL_RANGE_JPEG;
  rgb.colorSpace = AVCOL_SPC_RGB;
  yuv.format = AV_PIX_FMT_YUV420P;
  yuv.width = even(width);
  yuv.height = even(height);
  yuv.colorRange = AVCOL_RANGE_MPEG;
  yuv.colorSpace = AVCOL_SPC_BT709;
  yuv.allocBuffer();
  const result = scaler.scaleFrameSync(yuv, rgb);
  rgb.free();
  if (result < 0) yuv.free();
  check(result, 'colour conversion');
  return yuv;
}

/** 4:2:0 needs even sides; an odd one grows by a pixel. */
function even(side: number): number {
  return side + (side % 2);
}

function check(result: number, step: string): void {
  if (result < 0) throw new Error(`encoding failed at ${step}: ${FFmpegError.strerror(result)}`);
}
