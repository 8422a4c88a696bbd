// What the gateway adds to a stream at 200 open ones: from the moment at which a piece is said to the moment at which the client has it.
import { processorSeconds } from '../processes.mjs';
import { startBare, startGateway } from './servers.mjs';
import { round as digits } from '../report.mjs';
import { openStream } from './stream-client.mjs';
import { quantile } from '../statistics.mjs';

const STREAMS = 200;
// A clause every 400 ms is what a model at 20 tokens a second says.
const PLAN = { count: 25, everyMs: 400 };
const OPEN_EVERY_MS = PLAN.everyMs / 20;

const results = [];
for (const start of [startBare, startGateway]) {
  const server = await start();
  try {
    await round(server, { ...PLAN, count: 5 });
    results.push(await round(server, PLAN));
  } finally {
    await server.stop();
  }
}
const [bare, ours] = results;
const row = (what, pick) => ({ what, value: pick(ours) - pick(bare), unit: 'ms more', against: `bare Node http, ${digits(pick(bare))} ms; the gateway, ${digits(pick(ours))} ms` });
process.stdout.write(
  `${JSON.stringify({
    title: `${STREAMS} streams open at once`,
    rows: [
      row('from a piece said to a piece read, p50', ({ ages }) => quantile(ages, 0.5)),
      row('from a piece said to a piece read, p99', ({ ages }) => quantile(ages, 0.99)),
      row('from a request to its first piece, p50', ({ firsts }) => quantile(firsts, 0.5)),
      row('from a request to its first piece, p99', ({ firsts }) => quantile(firsts, 0.99)),
      row('processor time of the server for a piece, its share of the request in it', ({ eachMs }) => eachMs),
    ],
    notes: [
      `Each stream says ${PLAN.count} clauses, one every ${PLAN.everyMs} ms, as a model at 20 tokens a second does. Stages that take no time stand for the models, on the same processors as client, database and server. The gateway checks a key and two limits, asks the safety stage about the question and about every clause before it is released, and traces all of it; the bare server, which a person would write in an afternoon, passes the same pieces on.`,
    ],
  })}\n`,
);

async function round(server, plan) {
  const ages = [];
  const streams = [];
  const before = processorSeconds(server.pid);
  for (let index = 0; index < STREAMS; index += 1) {
    streams.push(openStream(server, plan, (of) => ages.push(...of)));
    await new Promise((resolve) => setTimeout(resolve, OPEN_EVERY_MS));
  }
  await Promise.all(streams.map(({ ended }) => ended));
  if (ages.length !== STREAMS * plan.count) throw new Error(`${server.name}: ${ages.length} pieces came of ${STREAMS * plan.count}`);
  const taken = processorSeconds(server.pid) - before;
  return { ages, firsts: await Promise.all(streams.map(({ opened }) => opened)), eachMs: (1_000 * taken) / ages.length };
}
