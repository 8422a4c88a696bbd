import { connect } from 'node:net';
import { GatewayRig, keyOf } from './gateway-rig.js';

describe('abuse', () => {
  let rig: GatewayRig;
  let port: number;
  beforeAll(async () => {
    rig = await GatewayRig.start({ maxUploadBytes: 50_000, headersMs: 400 });
    port = Number(new URL(await rig.url()).port);
  });
  afterAll(() => rig?.stop());

  /** Writes raw bytes, slowly if told so, and resolves with what came back when the server closes, or after five seconds. */
  const raw = (pieces: readonly string[], gapMs = 0): Promise<string> =>
    new Promise((resolve) => {
      let heard = '';
      const socket = connect(port, '127.0.0.1', async () => {
        for (const piece of pieces) {
          if (socket.destroyed) break;
          socket.write(piece);
          if (gapMs > 0) await new Promise((next) => setTimeout(next, gapMs));
        }
      });
      const end = setTimeout(() => socket.destroy(), 5_000);
      socket.on('data', (chunk) => (heard += chunk.toString()));
      socket.on('error', () => undefined);
      socket.once('close', () => (clearTimeout(end), resolve(heard)));
    });
  const answered = (heard: string) => {
    const [head = '', body = ''] = heard.split('\r\n\r\n');
    const { error } = JSON.parse(body) as { error: { code: string } };
    return { status: Number(head.split(' ')[1]), code: error.code, id: /x-request-id: (\S+)/.exec(head)?.[1] };
  };
  const alive = async (): Promise<void> => expect((await rig.request('/v1/models')).status).toBe(200);

  it('by headers that never end is cut off', async () => {
    const started = performance.now();
    const heard = await raw(['GET /v1/models HTTP/1.1\r\nhost: x\r\n', ...Array.from({ length: 40 }, (_, index) => `x-${index}: y\r\n`)], 100);
    expect(performance.now() - started).toBeLessThan(4_000);
    expect(heard === '' ? 408 : answered(heard).status).toBe(408);
    await alive();
  });

  it('by headers that are too large, too many or malformed is refused', async () => {
    expect(await raw([`GET /v1/models HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`]).then(answered)).toEqual({ status: 431, code: 'headers_too_large', id: expect.stringMatching(/^req_/) as string });
    const malformed = { status: 400, code: 'malformed_request', id: expect.stringMatching(/^req_/) as string };
    expect(answered(await raw(['GET /v1/models HTTP/1.1\r\nhost: x\r\nbad header\r\n\r\n']))).toEqual(malformed);
    // Two lengths of one body: what smuggles a request past a proxy.
    expect(answered(await raw(['POST /v1/videos HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n']))).toEqual(malformed);
    expect(answered(await raw(['POST /v1/videos HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello']))).toEqual(malformed);
    await alive();
  });

  const form = (boundary: string, body: string): Promise<Response> => rig.request('/v1/files', { method: 'POST', body, headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } });
  const FILE = 'content-disposition: form-data; name="file"; filename="a.mp4"\r\ncontent-type: video/mp4\r\n\r\n';

  it.each([
    ['no end', `--b\r\n${FILE}${'x'.repeat(100)}`, 400],
    ['another boundary', `--c\r\n${FILE}x\r\n--c--`, 400],
    ['no header', '--b\r\n\r\nx\r\n--b--', 400],
    ['a header without end', `--b\r\nx-${'y'.repeat(200_000)}`, 400],
    ['two files', `--b\r\n${FILE}${'x'.repeat(100)}\r\n--b\r\n${FILE}y\r\n--b--`, 400],
    ['too many fields', `${Array.from({ length: 200 }, (_, index) => `--b\r\ncontent-disposition: form-data; name="f${index}"\r\n\r\nx\r\n`).join('')}--b--`, 400],
    ['a field that is too large', `--b\r\ncontent-disposition: form-data; name="purpose"\r\n\r\n${'x'.repeat(200_000)}\r\n--b--`, 400],
    ['a prototype for a name', `--b\r\ncontent-disposition: form-data; name="__proto__"\r\n\r\nx\r\n--b\r\n${FILE}${'x'.repeat(100)}\r\n--b--`, 400],
    ['a bomb', `--b\r\n${FILE}${'x'.repeat(60_000)}\r\n--b--`, 413],
  ])('by a form with %s leaves nothing behind', async (_, body, status) => {
    const response = await form('b', body);
    expect([response.status, await response.json()]).toEqual([status, { error: expect.objectContaining({ type: 'invalid_request_error' }) as object }]);
    expect(((await (await rig.request('/v1/files')).json()) as { data: unknown[] }).data).toEqual([]);
    await alive();
  });

  it('by uploads that stop in the middle leaves nothing behind', async () => {
    const head = `POST /v1/files HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${keyOf('a')}\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: 5000\r\n\r\n`;
    await Promise.all(
      Array.from({ length: 20 }, () =>
        new Promise<void>((resolve) => {
          const socket = connect(port, '127.0.0.1', () => socket.write(`${head}--b\r\n${FILE}xxx`, () => setTimeout(() => socket.destroy(), 50)));
          socket.once('close', () => resolve()).on('error', () => undefined);
        }),
      ),
    );
    expect(((await (await rig.request('/v1/files')).json()) as { data: unknown[] }).data).toEqual([]);
    await alive();
  });
});
