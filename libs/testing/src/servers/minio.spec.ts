import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'minio';
import { type MinioServer, startMinio } from './minio.js';

describe('startMinio', () => {
  let folder: string;
  let server: MinioServer;
  let client: Client;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'minio-'));
    server = await startMinio({ folder });
    client = new Client({ endPoint: '127.0.0.1', port: server.port, useSSL: false, accessKey: server.accessKey, secretKey: server.secretKey });
  }, 600_000);

  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('keeps an object over SIGKILL and a start on the same port', async () => {
    await client.makeBucket('films');
    await client.putObject('films', 'one.mp4', Buffer.from('a film'));
    const before = server.pid;
    await server.kill();
    await expect(client.statObject('films', 'one.mp4')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await server.start();
    expect(server.pid).not.toBe(before);
    expect((await client.statObject('films', 'one.mp4')).size).toBe(6);
  });

  it('answers nobody while it is paused, and everybody after', async () => {
    await server.pause();
    const answer = client.bucketExists('films');
    expect(await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 300, 'silence'))])).toBe('silence');
    server.resume();
    expect(await answer).toBe(true);
  });

  it('finds its port again when another process starts on the folder', async () => {
    const { port } = server;
    await server.stop();
    server = await startMinio({ folder });
    expect(server.port).toBe(port);
    expect(await client.bucketExists('films')).toBe(true);
  });
});
