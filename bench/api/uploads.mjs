// Uploads: how fast beside the disk alone and beside parts of the same work, and whether memory stays flat.
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { mainThreadSeconds, ownMemory, processorSeconds } from '../processes.mjs';
import { median } from '../statistics.mjs';
import { startBare, startGateway } from './servers.mjs';
import { blocks, upload } from './upload-client.mjs';

const MIB = 2 ** 20;
const [SMALL, LARGE] = [64 * MIB, 448 * MIB];
const ROUNDS = 3;
const LOOK_MS = 20;

const [gateway, bare] = [await startGateway(), await startBare()];
const sides = {
  read: { server: bare, path: '/read' },
  hash: { server: bare, path: '/hash' },
  both: { server: bare, path: '/hash-and-write' },
  bare: { server: bare, path: '/v1/files' },
  gateway: { server: gateway, path: '/v1/files' },
};
const runs = { disk: [], ...Object.fromEntries(Object.keys(sides).map((name) => [name, []])) };
const grown = {};
try {
  for (const { server, path } of Object.values(sides)) await upload(server, SMALL, path);
  grown.small = await growth(gateway, SMALL);
  // In turn, so that a drift of the disk's speed touches all.
  for (let round = 0; round < ROUNDS; round += 1) {
    runs.disk.push(await timed(() => write(join(bare.folder, `disk-${round}`), LARGE)));
    for (const [name, { server, path }] of Object.entries(sides)) runs[name].push(await measured(server, path));
  }
  grown.large = await growth(gateway, LARGE);
} finally {
  await gateway.stop();
  await bare.stop();
}
/** The median of what a side was measured by. */
const of = (name, figure) => median(runs[name].map((run) => run[figure]));
const [ours, theirs, disk] = [of('gateway', 'speed'), of('bare', 'speed'), of('disk', 'speed')];
const besideDisk = (what, value) => ({ what, value, unit: 'MiB/s', against: `writing a file, ${disk.toFixed(0)} MiB/s`, ratio: value / disk });
const [ourWork, theirWork] = [of('gateway', 'work'), of('bare', 'work')];
process.stdout.write(
  `${JSON.stringify({
    title: `Uploads of ${LARGE / MIB} MiB`,
    rows: [
      { what: 'POST /v1/files', value: ours, unit: 'MiB/s', against: `bare Node http writing the body to a file, ${theirs.toFixed(0)} MiB/s`, ratio: ours / theirs },
      besideDisk('the same', ours),
      besideDisk('bare Node http that reads the body and drops it', of('read', 'speed')),
      besideDisk('that reads it and takes a SHA-256', of('hash', 'speed')),
      besideDisk('that reads it, takes a SHA-256 and writes a file', of('both', 'speed')),
      { what: 'processor time of the server for a GiB', value: ourWork, unit: 's', against: `bare Node http, ${theirWork.toFixed(2)} s`, ratio: ourWork / theirWork },
      { what: 'of it in the main thread; the others write', value: of('gateway', 'mainWork'), unit: 's', against: `bare Node http that reads and takes a SHA-256, ${of('hash', 'mainWork').toFixed(2)} s` },
      { what: 'share of an upload in which the main thread works', value: 100 * of('gateway', 'mainShare'), unit: '%' },
      { what: 'share of an upload after its last byte, when the disk is waited for', value: 100 * of('gateway', 'endShare'), unit: '%' },
      { what: `memory gained during one of ${LARGE / MIB} MiB, at its peak`, value: grown.large / MIB, unit: 'MiB', against: `during one of ${SMALL / MIB} MiB, ${(grown.small / MIB).toFixed(0)} MiB`, aim: 'flat' },
    ],
    notes: [`Median of ${ROUNDS}, in turn; all that write flush to the disk. The gateway also reads the form, takes a SHA-256 of the bytes and keeps a row. Memory is the server process's own (\`RssAnon\`), looked at every ${LOOK_MS} ms.`],
  })}\n`,
);

async function write(path, bytes) {
  await pipeline(Readable.from(blocks(bytes)), createWriteStream(path, { flush: true }));
}

/** One upload: MiB/s, seconds of processor time for a GiB, and shares of the time that it took. */
async function measured(server, path) {
  const [work, mainWork] = [processorSeconds(server.pid), mainThreadSeconds(server.pid)];
  let endMs = 0;
  const { speed, ms } = await timed(async () => (endMs = await upload(server, LARGE, path)));
  const [worked, mainWorked] = [processorSeconds(server.pid) - work, mainThreadSeconds(server.pid) - mainWork];
  const aGiB = 2 ** 30 / LARGE;
  return { speed, work: worked * aGiB, mainWork: mainWorked * aGiB, mainShare: (mainWorked * 1_000) / ms, endShare: endMs / ms };
}

async function timed(work) {
  const started = performance.now();
  await work();
  const ms = performance.now() - started;
  return { ms, speed: (LARGE / MIB / ms) * 1_000 };
}

async function growth(server, bytes) {
  const before = ownMemory(server.pid);
  let peak = before;
  const looking = setInterval(() => (peak = Math.max(peak, ownMemory(server.pid))), LOOK_MS);
  await upload(server, bytes);
  clearInterval(looking);
  return peak - before;
}
