import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { buildConnector } from 'undici';
import { GuardedFetch } from '../src/transport/outbound/guarded-fetch.js';
import { OutboundPolicy } from '../src/transport/outbound/outbound-policy.js';
import { NameResolver, SocketConnector } from '../src/transport/outbound/pinned-connector.js';

const PUBLIC = '93.184.216.34';
const never = new AbortController().signal;

/** Answers as the test wrote down; a name that is asked for again may have moved. */
class ScriptedNames extends NameResolver {
  asked: string[] = [];
  answers: Record<string, string[][]> = {};

  override async resolve(name: string): Promise<readonly string[]> {
    this.asked.push(name);
    const answers = this.answers[name];
    const found = answers !== undefined && answers.length > 1 ? answers.shift() : answers?.[0];
    if (found === undefined) throw new Error('ENOTFOUND');
    return found;
  }
}

/** Notes where a socket was asked to go, and goes to the test's own server on loopback whatever was asked. */
class LoopbackConnector extends SocketConnector {
  went: string[] = [];
  constructor(private readonly port: number) {
    super();
  }

  override readonly connect: buildConnector.connector = ({ hostname }, callback) => {
    this.went.push(hostname);
    const socket = connect(this.port, '127.0.0.1');
    socket.once('connect', () => callback(null, socket)).once('error', (error) => callback(error, null));
  };
}

describe('media of other hosts', () => {
  let server: Server;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  let names: ScriptedNames;
  let sockets: LoopbackConnector;
  let remote: GuardedFetch;

  beforeAll(async () => {
    server = createServer((request, response) => answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  beforeEach(() => {
    names = new ScriptedNames();
    names.answers = { 'films.example': [[PUBLIC]], 'other.example': [[PUBLIC]], 'inside.example': [['10.0.0.5']], 'both.example': [[PUBLIC, '127.0.0.1']], 'mapped.example': [['::ffff:10.0.0.5']], 'nat64.example': [['64:ff9b::a00:5']], 'moving.example': [[PUBLIC], ['169.254.169.254']] };
    sockets = new LoopbackConnector((server.address() as AddressInfo).port);
    remote = make([]);
    answer = (_, response) => response.writeHead(200, { 'content-type': 'video/mp4' }).end('film');
  });
  afterEach(() => remote.onApplicationShutdown());

  function make(mediaHosts: readonly string[]): GuardedFetch {
    return new GuardedFetch(new OutboundPolicy({ mediaHosts, privateHosts: [] }), names, sockets);
  }
  const get = async (url: string, maxBytes = 1_000): Promise<string> => {
    const { body } = await remote.get(url, maxBytes, never);
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  };

  it('reads a film from the address that was checked', async () => {
    expect(await get('https://films.example/a/clip.mp4?x=1')).toBe('film');
    expect(sockets.went).toEqual([PUBLIC]);
    expect(await remote.get('https://films.example/a/clip.mp4', 9, never)).toMatchObject({ filename: 'clip.mp4', mediaType: 'video/mp4' });
  });

  it.each([
    'https://inside.example/', 'https://both.example/', 'https://mapped.example/', 'https://nat64.example/', 'https://nowhere.example/',
    'https://127.0.0.1/', 'https://2130706433/', 'https://0x7f.1/', 'https://0177.0.0.1/', 'https://127.1/', 'https://[::1]/', 'https://[::ffff:127.0.0.1]/', 'https://[::ffff:7f00:1]/', 'https://169.254.169.254/latest/meta-data',
    'https://①②⑦.⓪.⓪.①/', 'http://films.example/', 'ftp://films.example/', 'file:///etc/passwd', 'https://user:word@films.example/', 'https://films.example:8443/', 'no url', 'gopher://films.example',
  ])('never connects for %s', async (url) => {
    await expect(get(url)).rejects.toMatchObject({ code: 'unsupported_media' });
    expect(sockets.went).toEqual([]);
  });

  it('looks a name up once for a connection, so that it cannot move between check and use', async () => {
    answer = (_, response) => response.writeHead(200, { 'content-type': 'video/mp4', connection: 'close' }).end('film');
    expect(await get('https://moving.example/')).toBe('film');
    expect([names.asked, sockets.went]).toEqual([['moving.example'], [PUBLIC]]);
    await expect(get('https://moving.example/')).rejects.toMatchObject({ code: 'unsupported_media' });
    expect(sockets.went).toEqual([PUBLIC]);
  });

  it.each([
    ['another host', 'https://other.example/'],
    ['a host inside', 'https://inside.example/'],
    ['an address', 'https://169.254.169.254/'],
    ['another scheme', 'http://films.example/'],
    ['itself for ever', '/again'],
  ])('follows no redirect to %s', async (_, location) => {
    answer = ({ headers }, response) => (headers.host === 'films.example' ? response.writeHead(302, { location }).end() : response.writeHead(200, { 'content-type': 'video/mp4' }).end('film'));
    await expect(get('https://films.example/')).rejects.toMatchObject({ code: 'unsupported_media' });
    expect(new Set(sockets.went)).toEqual(new Set([PUBLIC]));
  });

  it('follows a redirect within the host', async () => {
    answer = ({ url }, response) => (url === '/b' ? response.writeHead(200, { 'content-type': 'video/webm; codecs=vp9' }).end('b') : response.writeHead(302, { location: '/b' }).end());
    expect(await get('https://films.example/a')).toBe('b');
  });

  it('takes no more bytes than allowed, announced or not, and no other content', async () => {
    answer = (_, response) => response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': 2_000 }).end('x'.repeat(2_000));
    await expect(get('https://films.example/')).rejects.toMatchObject({ code: 'video_too_large' });
    answer = (_, response) => void response.writeHead(200, { 'content-type': 'video/mp4' }).write('x'.repeat(2_000));
    await expect(get('https://films.example/')).rejects.toMatchObject({ code: 'video_too_large' });
    answer = (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>');
    await expect(get('https://films.example/')).rejects.toMatchObject({ code: 'unsupported_media' });
    answer = (_, response) => response.writeHead(500, { 'content-type': 'video/mp4' }).end('secret of the inside');
    await expect(get('https://films.example/')).rejects.toThrow(/^(?!.*secret).*500/);
  });

  it('breaks off with its caller, and says so when the host does', async () => {
    answer = (_, response) => void response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': 100 }).write('x');
    const leaving = new AbortController();
    const { body } = await remote.get('https://films.example/', 1_000, leaving.signal);
    setTimeout(() => leaving.abort(), 50);
    await expect(body[Symbol.asyncIterator]().next().then(() => body[Symbol.asyncIterator]().next())).rejects.toBeDefined();
    answer = (_, response) => void response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': 100 }).write('x', () => response.destroy());
    await expect(get('https://films.example/')).rejects.toMatchObject({ code: 'unsupported_media' });
  });

  it('reads from listed hosts only, where there is a list', async () => {
    remote = make(['*.example']);
    expect(await get('https://films.example/')).toBe('film');
    remote = make(['other.example']);
    await expect(get('https://films.example/')).rejects.toThrow(/list/);
  });
});
