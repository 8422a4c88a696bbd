// Does to videos what people do when they pass them on: node reencode.mjs '[{ "from", "to", "crf", "scale" }, …]'.
// A program of its own, so that FFmpeg's encoders never share a process with whoever calls.
import { Decoder, Demuxer, Encoder, FilterAPI, Muxer, pipeline } from 'node-av/api';
import { AV_LOG_ERROR, FF_ENCODER_LIBX264 } from 'node-av/constants';
import { Log } from 'node-av/lib';

Log.setLevel(AV_LOG_ERROR);
for (const job of JSON.parse(process.argv[2])) await reencode(job);

/** Decodes, scales both sides by `scale`, and encodes H.264 at the constant rate factor `crf`; no metadata survives. */
async function reencode({ from, to, crf, scale = 1 }) {
  await using input = await Demuxer.open(from);
  await using output = await Muxer.open(to);
  const decoder = await Decoder.create(input.video());
  const encoder = await Encoder.create(FF_ENCODER_LIBX264, { decoder, options: { crf: String(crf), preset: 'medium' } });
  const size = `scale=trunc(iw*${scale}/2)*2:trunc(ih*${scale}/2)*2:flags=bicubic`;
  await pipeline(input, decoder, FilterAPI.create(size), encoder, output).completion;
}
