import { once } from 'node:events';
import { connect } from 'node:net';
import { ClipServiceClient } from '@gpt4video/contracts/gen/gpt4video/clip/v1/clip_service';
import { callUnary, openClient } from './grpc-client.js';
import { GrpcServer } from './grpc-server.js';
import { PEER_ADDRESS } from './grpc-target.js';
import { createLogger } from './logging.js';
import { Metrics } from './metrics.js';
import { ClipController, eventually, never } from './spec-support/rpc-rig.js';

const request = { video: { bucket: 'b', key: 'k', sha256: 'ab', bytes: 7, mediaType: 'video/mp4' } };

async function connectTo(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
}

/** A replica that answers with its name, after `work`. */
async function replica(name: string, port = 0, work: () => Promise<void> = () => Promise.resolve()): Promise<GrpcServer> {
  const server = new GrpcServer(new Metrics(), createLogger({ app: name, level: 'silent', format: 'json' }));
  await server.prepare({ host: '127.0.0.1', port });
  server.add(new ClipController(() => work().then(() => ({ features: undefined, bundleRevision: name }))));
  await server.open();
  return server;
}

const portOf = ({ address }: GrpcServer): number => Number(address.split(':')[1]);

describe('replicas of a service', () => {
  let servers: GrpcServer[];
  let client: ClipServiceClient;

  const ask = async (awayMs?: number): Promise<string> => (await callUnary(client, 'encodeVideo', request, { signal: never(), ...(awayMs === undefined ? {} : { awayMs }) })).bundleRevision;

  beforeEach(async () => {
    servers = [await replica('a'), await replica('b')];
    client = openClient(ClipServiceClient, servers.map(({ address }) => address).join(','));
    const answered = new Set<string>();
    while (answered.size < 2) answered.add(await ask());
  });

  afterEach(async () => {
    client.close();
    for (const server of servers) await server.drain(0);
  });

  it('take turns', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask()));
    expect(answers.filter((name) => name === 'a')).toHaveLength(10);
  });

  it('are left one by one and found again, without a call that fails', async () => {
    const [first, second] = servers as [GrpcServer, GrpcServer];
    let stop = false;
    const seen: string[] = [];
    const load = (async () => {
      while (!stop) seen.push(await ask());
    })();
    await first.drain(1_000);
    servers[0] = await replica('a2', portOf(first));
    await eventually(() => seen.includes('a2'));
    await second.drain(1_000);
    servers[1] = await replica('b2', portOf(second));
    await eventually(() => seen.includes('b2'));
    stop = true;
    await load;
  });

  it('take over the calls of one that leaves without an answer', async () => {
    const [first, second] = servers as [GrpcServer, GrpcServer];
    await second.drain(0);
    let begun = false;
    const stuck = await replica('stuck', portOf(second), () => new Promise(() => (begun = true)));
    servers[1] = stuck;
    await first.drain(0);
    const answer = callUnary(client, 'encodeVideo', request, { signal: never(), idempotent: true });
    await eventually(() => begun);
    servers[0] = await replica('a2', portOf(first));
    await stuck.drain(50);
    expect((await answer).bundleRevision).toBe('a2');
  });

  it('are waited for while all of them are away, for so long and no longer', async () => {
    const [first, second] = servers as [GrpcServer, GrpcServer];
    await Promise.all([first.drain(0), second.drain(0)]);
    await expect(ask(200)).rejects.toMatchObject({ code: 'unavailable' });
    const answer = ask();
    servers[0] = await replica('a2', portOf(first));
    expect(await answer).toBe('a2');
  });

  it('are not listening before they are opened', async () => {
    const port = portOf(servers[1] as GrpcServer);
    await servers[1]?.drain(0);
    const loading = new GrpcServer(new Metrics(), createLogger({ app: 'loading', level: 'silent', format: 'json' }));
    await loading.prepare({ host: '127.0.0.1', port });
    expect(loading.address).toBe(`127.0.0.1:${port}`);
    await expect(connectTo(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await loading.open();
    await connectTo(port);
    await loading.drain(0);
  });
});

describe('an address', () => {
  it.each(['clip-encoder:50051', '127.0.0.1:1', '10.0.0.1:1,10.0.0.2:1'])('may be %s', (address) => expect(address).toMatch(PEER_ADDRESS));
  it.each(['clip-encoder', 'a:1,b:1', '10.0.0.1:1,', ':1'])('may not be %s', (address) => expect(address).not.toMatch(PEER_ADDRESS));
});
