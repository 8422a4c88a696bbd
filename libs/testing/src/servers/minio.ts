import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { keptPort } from './free-port.js';
import { buildGoProgram } from './go-program.js';
import { type Installation, installOnce } from './install-once.js';
import { answersOk, ServerProcess } from './server-process.js';

const VERSION = 'v0.0.0-20260212201848-7aac2a2c5b7c';

/** MinIO, an S3 server, from its Go module. */
export const MINIO: Installation = {
  name: 'minio',
  version: '20260212201848',
  cost: 'about five minutes of Go compiler',
  install: (folder) => buildGoProgram(folder, 'minio', { path: 'github.com/minio/minio', version: VERSION }),
};

/** A running MinIO; one drive, one root user. */
export class MinioServer extends ServerProcess {
  readonly accessKey = 'gpt4video';
  readonly secretKey = 'gpt4video-secret';
  readonly url: string;

  constructor(
    program: string,
    folder: string,
    readonly port: number,
  ) {
    const url = `http://127.0.0.1:${port}`;
    super({
      name: 'minio',
      folder,
      program,
      args: ['server', '--quiet', '--address', `127.0.0.1:${port}`, join(folder, 'data')],
      env: {
        MINIO_ROOT_USER: 'gpt4video',
        MINIO_ROOT_PASSWORD: 'gpt4video-secret',
        MINIO_BROWSER: 'off',
        MINIO_UPDATE: 'off',
        MINIO_CI_CD: '1',
        GOMEMLIMIT: '400MiB',
      },
      isReady: () => answersOk(`${url}/minio/health/ready`),
    });
    this.url = url;
  }
}

/** Installs MinIO where it is not, and starts it on this folder; resolves when it answers. */
export async function startMinio({ folder, port }: { readonly folder: string; readonly port?: number }): Promise<MinioServer> {
  const program = join(await installOnce(MINIO), 'minio');
  await mkdir(join(folder, 'data'), { recursive: true });
  const server = new MinioServer(program, folder, port ?? (await keptPort(folder, 'minio')));
  await server.start();
  return server;
}
