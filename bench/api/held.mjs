// How many open streams a GiB holds: memory of the server with a thousand silent streams beside its memory with none.
import { ownMemory } from '../processes.mjs';
import { startBare, startGateway } from './servers.mjs';
import { openStream } from './stream-client.mjs';

const STREAMS = 1_000;
const SETTLE_MS = 4_000;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const results = [];
for (const start of [startBare, startGateway]) {
  const server = await start();
  try {
    const plan = { count: 1, everyMs: 600_000, hold: true };
    // What the first ones cost is paid once.
    await close(await open(server, plan, 50));
    await pause(SETTLE_MS);
    const idle = ownMemory(server.pid);
    const streams = await open(server, plan, STREAMS);
    await pause(SETTLE_MS);
    results.push({ idle, each: (ownMemory(server.pid) - idle) / STREAMS });
    await close(streams);
  } finally {
    await server.stop();
  }
}
const [bare, ours] = results;
const row = (what, unit, pick) => ({ what, value: pick(ours), unit, against: `bare Node http, ${Math.round(pick(bare)).toLocaleString('en-US')}`, ratio: pick(ours) / pick(bare) });
process.stdout.write(
  `${JSON.stringify({
    title: `${STREAMS} streams held open`,
    rows: [row('streams that a GiB holds', '', ({ each }) => 2 ** 30 / each), row('memory of one stream', 'KiB', ({ each }) => each / 1024), row('memory of the process with none', 'MiB', ({ idle }) => idle / 2 ** 20)],
    notes: ['Memory is what belongs to the server process alone (`RssAnon`); behind each stream of the gateway stands a gRPC call to the dialogue stage.'],
  })}\n`,
);

async function open(server, plan, count) {
  const streams = [];
  for (let index = 0; index < count; index += 1) {
    streams.push(openStream(server, plan));
    if (index % 10 === 9) await Promise.all(streams.slice(-10).map(({ opened }) => opened));
  }
  await Promise.all(streams.map(({ opened }) => opened));
  return streams;
}

async function close(streams) {
  for (const { leave } of streams) leave();
  await pause(SETTLE_MS);
}
