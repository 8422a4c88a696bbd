// Uploads: how fast beside the disk alone, and whether memory stays flat.
import { createWriteStream } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ownMemory, processorSeconds } from '../processes.mjs';
import { median } from '../statistics.mjs';
import { startBare, startGateway } from './servers.mjs';

const MIB = 2 ** 20;
const [SMALL, LARGE] = [64 * MIB, 448 * MIB];
const ROUNDS = 3;
const LOOK_MS = 20;
const block = Buffer.alloc(MIB, 'video');
const BOUNDARY = 'bench-boundary';
const HEAD = Buffer.from(`--${BOUNDARY}\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nvision\r\n--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="clip.mp4"\r\ncontent-type: video/mp4\r\n\r\n`);
const TAIL = Buffer.from(`\r\n--${BOUNDARY}--\r\n`);

const [gateway, bare] = [await startGateway(), await startBare()];
const speeds = { gateway: [], bare: [], disk: [] };
const work = { gateway: [], bare: [] };
const grown = {};
try {
  for (const server of [gateway, bare]) await upload(server, SMALL);
  grown.small = await growth(gateway, SMALL);
  // In turn, so that a drift of the disk's speed touches all.
  for (let round = 0; round < ROUNDS; round += 1) {
    speeds.disk.push(await speed(LARGE, () => write(join(bare.folder, `disk-${round}`), LARGE)));
    for (const [name, server] of Object.entries({ bare, gateway })) {
      const before = processorSeconds(server.pid);
      speeds[name].push(await speed(LARGE, () => upload(server, LARGE)));
      work[name].push((processorSeconds(server.pid) - before) / (LARGE / 2 ** 30));
    }
  }
  grown.large = await growth(gateway, LARGE);
} finally {
  await gateway.stop();
  await bare.stop();
}
const [ours, theirs, disk] = [speeds.gateway, speeds.bare, speeds.disk].map(median);
const [ourWork, theirWork] = [work.gateway, work.bare].map(median);
process.stdout.write(
  `${JSON.stringify({
    title: `Uploads of ${LARGE / MIB} MiB`,
    rows: [
      { what: 'POST /v1/files', value: ours, unit: 'MiB/s', against: `bare Node http writing the body to a file, ${theirs.toFixed(0)} MiB/s`, ratio: ours / theirs },
      { what: 'the same', value: ours, unit: 'MiB/s', against: `writing a file, ${disk.toFixed(0)} MiB/s`, ratio: ours / disk },
      { what: 'processor time of the server for a GiB', value: ourWork, unit: 's', against: `bare Node http, ${theirWork.toFixed(2)} s`, ratio: ourWork / theirWork },
      { what: `memory gained during one of ${LARGE / MIB} MiB, at its peak`, value: grown.large / MIB, unit: 'MiB', against: `during one of ${SMALL / MIB} MiB, ${(grown.small / MIB).toFixed(0)} MiB`, aim: 'flat' },
    ],
    notes: [`Median of ${ROUNDS}, in turn; all flush to the disk. The gateway also reads the form, takes a SHA-256 of the bytes and keeps a row. Memory is the server process's own (\`RssAnon\`), looked at every ${LOOK_MS} ms.`],
  })}\n`,
);

function* blocks(bytes) {
  for (let left = bytes; left > 0; left -= MIB) yield block;
}

async function write(path, bytes) {
  await pipeline(Readable.from(blocks(bytes)), createWriteStream(path, { flush: true }));
}

async function upload({ url, headers }, bytes) {
  const length = HEAD.length + bytes + TAIL.length;
  const call = request(new URL('/v1/files', url), { method: 'POST', headers: { ...headers, 'content-type': `multipart/form-data; boundary=${BOUNDARY}`, 'content-length': length } });
  const answered = new Promise((resolve, reject) => call.once('response', resolve).once('error', reject));
  function* form() {
    yield HEAD;
    yield* blocks(bytes);
    yield TAIL;
  }
  await Promise.all([pipeline(Readable.from(form()), call), answered]);
  const response = await answered;
  if (response.statusCode !== 200) throw new Error(`${url} answers ${response.statusCode}`);
  response.resume();
}

async function speed(bytes, work) {
  const started = performance.now();
  await work();
  return bytes / MIB / ((performance.now() - started) / 1_000);
}

async function growth(server, bytes) {
  const before = ownMemory(server.pid);
  let peak = before;
  const looking = setInterval(() => (peak = Math.max(peak, ownMemory(server.pid))), LOOK_MS);
  await upload(server, bytes);
  clearInterval(looking);
  return peak - before;
}
