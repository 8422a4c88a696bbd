import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Edge } from './edge.js';

describe('Edge', () => {
  const replicas: Server[] = [];
  let edge: Edge;
  let url: string;

  const open = async (name: string, port = 0): Promise<number> => {
    const server = createServer((request, response) => request.pipe(response.setHeader('replica', name))).listen(port, '127.0.0.1');
    replicas.push(server);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const ask = async (): Promise<string> => {
    const response = await fetch(url, { method: 'POST', body: 'x'.repeat(300_000), headers: { connection: 'close' } });
    expect(await response.text()).toHaveLength(300_000);
    return response.headers.get('replica') ?? '';
  };

  beforeEach(async () => {
    edge = new Edge();
    url = `http://127.0.0.1:${await edge.listen(0)}`;
  });

  afterEach(async () => {
    await edge.close();
    for (const replica of replicas.splice(0)) replica.close();
  });

  it('goes round the replicas, and past one that is gone', async () => {
    const [first, second] = [await open('a'), await open('b')];
    edge.setTargets([first, second]);
    expect(new Set([await ask(), await ask()])).toEqual(new Set(['a', 'b']));
    replicas[0]?.close();
    expect([await ask(), await ask(), await ask()]).toEqual(['b', 'b', 'b']);
  });

  it('keeps a caller waiting while no replica is there', async () => {
    const port = await open('a');
    edge.setTargets([port]);
    replicas[0]?.close();
    const answer = ask();
    await new Promise((resolve) => setTimeout(resolve, 300));
    await open('again', port);
    expect(await answer).toBe('again');
  });
});
