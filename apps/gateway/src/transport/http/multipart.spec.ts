import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import multipart from '@fastify/multipart';
import fastify, { type FastifyInstance } from 'fastify';
import { openForm } from './multipart.js';

const MIB = 1024 * 1024;
const HEAD = '--b\r\ncontent-disposition: form-data; name="file"; filename="clip.mp4"\r\ncontent-type: video/mp4\r\n\r\n';
const TAIL = '\r\n--b--\r\n';

describe('the file of a form', () => {
  const block = randomBytes(MIB);
  let server: FastifyInstance;
  let read: { digest: string; mostHeld: number };

  beforeAll(async () => {
    server = fastify();
    await server.register(multipart);
    server.post('/', async (form) => {
      const hash = createHash('sha256');
      const before = process.memoryUsage().arrayBuffers;
      let mostHeld = 0;
      for await (const chunk of (await openForm(form, 'file')).body) {
        hash.update(chunk);
        mostHeld = Math.max(mostHeld, process.memoryUsage().arrayBuffers - before);
      }
      read = { digest: hash.digest('hex'), mostHeld };
      return 'read';
    });
    await server.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(() => server.close());

  async function send(mebibytes: number): Promise<void> {
    const call = request({ host: '127.0.0.1', port: (server.server.address() as AddressInfo).port, method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary=b' } });
    const answered = new Promise((resolve, reject) => call.once('response', resolve).once('error', reject));
    function* body(): Generator<Buffer> {
      yield Buffer.from(HEAD);
      for (let sent = 0; sent < mebibytes; sent += 1) yield block;
      yield Buffer.from(TAIL);
    }
    await pipeline(Readable.from(body()), call);
    await answered;
  }

  it('comes whole, and holds no memory for what has been read', async () => {
    await send(96);
    const whole = createHash('sha256');
    for (let sent = 0; sent < 96; sent += 1) whole.update(block);
    expect(read.digest).toBe(whole.digest('hex'));
    expect(read.mostHeld).toBeLessThan(8 * MIB);
  });
});
