// Makes videos for tests: node make-videos.mjs '[{ "path": …, "encoder": … }, …]'. A program of its own, so that FFmpeg's encoders
// never share a process with the tests. Each frame has four corner colours and, in the middle, two greys that spell its index.
import {
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_LOG_ERROR,
  AV_OPT_SEARCH_CHILDREN,
  AV_OPT_TYPE_STRING,
  AV_PIX_FMT_RGB24,
  AV_PKT_DATA_DISPLAYMATRIX,
  AV_SAMPLE_FMT_S16,
  AVCOL_RANGE_JPEG,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT709,
  AVCOL_SPC_RGB,
  AVCOL_SPC_SMPTE170M,
} from 'node-av/constants';
import { avGetPixFmtFromName, Codec, CodecContext, FFmpegError, FormatContext, Frame, Log, Packet, Rational, SoftwareScaleContext } from 'node-av/lib';

Log.setLevel(AV_LOG_ERROR);
let ground;
for (const spec of JSON.parse(process.argv[2])) make({ format: null, pixels: 'yuv420p', width: 96, height: 64, frames: 30, fps: 25, gop: 12, bFrames: 2, options: {}, matrix: 'bt709', range: 'tv', ...spec });

function make(spec) {
  const output = new FormatContext();
  check(output.allocOutputContext2(null, spec.format, spec.path), 'container');
  const encoder = spec.encoder === 'pcm_s16le' ? openSound() : openPictures(spec);
  const stream = output.newStream();
  check(stream.codecpar.fromContext(encoder), 'parameters');
  stream.timeBase = encoder.timeBase;
  stream.sampleAspectRatio = encoder.sampleAspectRatio;
  if (spec.display !== undefined) stream.codecpar.addCodedSideData(AV_PKT_DATA_DISPLAYMATRIX, displayMatrix(spec.display));
  check(output.openOutputSync(), 'output');
  for (const [name, value] of Object.entries(spec.muxer ?? {})) check(output.setOption(name, value, AV_OPT_TYPE_STRING, AV_OPT_SEARCH_CHILDREN), name);
  check(output.writeHeaderSync(), 'header');
  const packet = new Packet();
  packet.alloc();
  const send = (frame) => {
    check(encoder.sendFrameSync(frame), 'frame');
    while (encoder.receivePacketSync(packet) >= 0) {
      packet.streamIndex = stream.index;
      // Without it the last frame lasts no time, and the edit list of MP4 cuts it off.
      if (packet.duration === 0n) packet.duration = 1n;
      packet.rescaleTs(encoder.timeBase, stream.timeBase);
      check(output.interleavedWriteFrameSync(packet), 'packet');
      packet.unref();
    }
  };
  if (spec.encoder === 'pcm_s16le') sendSound(send);
  else sendPictures(spec, send);
  send(null);
  check(output.writeTrailerSync(), 'trailer');
  packet.free();
  encoder.freeContext();
  output.closeOutputSync();
  output.freeContext();
}

function openPictures(spec) {
  const codec = Codec.findEncoderByName(spec.encoder);
  if (codec === null) throw new Error(`no encoder ${spec.encoder}`);
  const encoder = new CodecContext();
  encoder.allocContext3(codec);
  encoder.width = spec.width;
  encoder.height = spec.height;
  encoder.pixelFormat = avGetPixFmtFromName(spec.pixels);
  // Milliseconds, so that frames may come at any time; the constant-rate codecs get their rate.
  encoder.timeBase = spec.times === undefined ? new Rational(1, spec.fps) : new Rational(1, 1000);
  encoder.framerate = new Rational(spec.fps, 1);
  encoder.bitRate = 4_000_000n;
  encoder.gopSize = spec.gop;
  encoder.threadCount = 1;
  encoder.sampleAspectRatio = new Rational(...(spec.sar ?? [1, 1]));
  encoder.colorRange = spec.range === 'pc' ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
  if (!['bgr8', 'rgb24', 'gbrp'].includes(spec.pixels)) encoder.colorSpace = spec.matrix === 'bt601' ? AVCOL_SPC_SMPTE170M : AVCOL_SPC_BT709;
  if (spec.encoder.startsWith('libx264') || spec.encoder === 'mpeg4' || spec.encoder === 'mpeg2video') encoder.maxBFrames = spec.bFrames;
  encoder.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
  for (const [name, value] of Object.entries(spec.options)) check(encoder.setOption(name, value, AV_OPT_TYPE_STRING, AV_OPT_SEARCH_CHILDREN), name);
  check(encoder.open2Sync(codec), `encoder ${spec.encoder}`);
  return encoder;
}

function sendPictures(spec, send) {
  const scaler = new SoftwareScaleContext();
  scaler.allocContext();
  scaler.setOption('sws_flags', 'accurate_rnd+full_chroma_int+full_chroma_inp');
  for (let index = 0; index < spec.frames; index += 1) {
    const { width, height } = spec;
    const rgb = Frame.fromVideoBuffer(spec.noise === true ? move(width, height, index) : draw(width, height, index), { width, height, format: AV_PIX_FMT_RGB24 });
    rgb.colorRange = AVCOL_RANGE_JPEG;
    rgb.colorSpace = AVCOL_SPC_RGB;
    const frame = new Frame();
    frame.alloc();
    frame.format = avGetPixFmtFromName(spec.pixels);
    frame.width = width;
    frame.height = height;
    frame.colorRange = spec.range === 'pc' ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
    if (!['bgr8', 'rgb24', 'gbrp'].includes(spec.pixels)) frame.colorSpace = spec.matrix === 'bt601' ? AVCOL_SPC_SMPTE170M : AVCOL_SPC_BT709;
    frame.allocBuffer();
    check(scaler.scaleFrameSync(frame, rgb), 'colour');
    frame.pts = BigInt(spec.times?.[index] ?? index);
    send(frame);
    frame.free();
    rgb.free();
  }
  scaler.freeContext();
}

function openSound() {
  const codec = Codec.findEncoderByName('pcm_s16le');
  const encoder = new CodecContext();
  encoder.allocContext3(codec);
  encoder.sampleFormat = AV_SAMPLE_FMT_S16;
  encoder.sampleRate = 8000;
  encoder.channelLayout = { nbChannels: 1, order: 1, mask: 4n };
  encoder.timeBase = new Rational(1, 8000);
  check(encoder.open2Sync(codec), 'sound');
  return encoder;
}

function sendSound(send) {
  const frame = Frame.fromAudioBuffer(Buffer.alloc(16_000), { nbSamples: 8000, format: AV_SAMPLE_FMT_S16, sampleRate: 8000, channelLayout: { nbChannels: 1, order: 1, mask: 4n } });
  frame.pts = 0n;
  send(frame);
  frame.free();
}

/** Red, green, blue and yellow corners; in the middle the index, in steps of seven greys: its rest by 30 on the left, its thirties on the right. */
function draw(width, height, index) {
  const [top, bottom] = [[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [255, 255, 0]]].map(([left, right]) => line(width, left, right));
  const [low, high] = [20 + (index % 30) * 7, 20 + Math.floor(index / 30) * 7];
  const across = { from: Math.ceil(width / 4), to: Math.ceil((width * 3) / 4) };
  const greys = line(width, [low, low, low], [high, high, high]).subarray(across.from * 3, across.to * 3);
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    pixels.set(y < height / 2 ? top : bottom, y * width * 3);
    if (y >= height / 4 && y < (height * 3) / 4) pixels.set(greys, (y * width + across.from) * 3);
  }
  return pixels;
}

/** A textured ground that moves with noise on it, as costly to decode as a filmed picture; for measurements. */
function move(width, height, index) {
  ground ??= Buffer.from(Array.from({ length: width * (height + 640) * 3 }, (_, at) => 128 + 90 * Math.sin(at / 131) * Math.cos(at / (width * 37)) + ((at * 2_654_435_761) % 37)));
  const shift = (index * 2 * width + index * 3) * 3;
  return ground.subarray(shift, shift + width * height * 3);
}

function line(width, left, right) {
  return Buffer.from(Array.from({ length: width }, (_, x) => (x < width / 2 ? left : right)).flat());
}

function displayMatrix([a, b, c, d]) {
  const matrix = Buffer.alloc(36);
  for (const [offset, value] of [[0, a], [4, b], [12, c], [16, d]]) matrix.writeInt32LE(value * 65_536, offset);
  matrix.writeInt32LE(2 ** 30, 32);
  return matrix;
}

function check(result, step) {
  if (result < 0) throw new Error(`${step}: ${FFmpegError.strerror(result)}`);
}
