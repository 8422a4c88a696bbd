import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { FastifyReply } from 'fastify';
import { EventStream } from './event-stream.js';

const CHUNK = 'x'.repeat(64 * 1_024);
/** More than the buffers of a loopback connection hold together. */
const MOST_HELD = 16 * 1_024 * 1_024;

/** The parts of a reply that a stream uses. */
function replyOf(raw: ServerResponse): FastifyReply {
  return { raw, hijack: () => undefined, getHeaders: () => ({}) } as unknown as FastifyReply;
}
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A server that sends for ever, and a client that reads nothing until it is told to. */
async function unread(sseStallMs: number) {
  const seen = { sent: 0, ended: false, listeners: 0 };
  const server = createServer((_, response) => {
    const stream = new EventStream(replyOf(response), { ssePingMs: 5, sseStallMs });
    void (async () => {
      while (!response.destroyed) {
        await stream.send({ data: CHUNK });
        // So that a stream that never waits shows as a failed assertion, not as a process that hangs.
        await pause(0);
        seen.sent += CHUNK.length;
        seen.listeners = Math.max(seen.listeners, response.listenerCount('drain') + response.listenerCount('close'));
      }
      seen.ended = true;
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1', () => client.pause().write('GET / HTTP/1.1\r\nhost: x\r\n\r\n'));
  client.on('error', () => undefined);
  const stop = async (): Promise<void> => {
    client.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { seen, client, stop };
}

/** Waits until the condition holds, but not for ever. */
async function until(condition: () => boolean): Promise<void> {
  for (const end = performance.now() + 10_000; !condition() && performance.now() < end; ) await pause(20);
}

describe('EventStream, to a client that does not read', () => {
  it('writes no more than the connection holds, goes on when it reads, and keeps no listener for it', async () => {
    const { seen, client, stop } = await unread(60_000);
    await until(() => seen.sent > 0);
    let before = 0;
    while (seen.sent > before && seen.sent < 2 * MOST_HELD) [before] = [seen.sent, await pause(150)];
    expect(seen.sent).toBeLessThan(MOST_HELD);
    client.resume();
    await until(() => seen.sent > before + 2 * MOST_HELD);
    expect(seen.sent).toBeGreaterThan(before + MOST_HELD);
    expect(seen.listeners).toBeLessThan(10);
    await stop();
  }, 40_000);

  it('cuts it off when it takes nothing for too long', async () => {
    const { seen, stop } = await unread(200);
    await until(() => seen.ended);
    expect(seen.ended).toBe(true);
    await stop();
  }, 30_000);
});
