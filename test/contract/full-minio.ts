import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '@gpt4video/testing/servers/free-port';
import { installOnce } from '@gpt4video/testing/servers/install-once';
import { MINIO, MinioServer } from '@gpt4video/testing/servers/minio';

/** A MinIO on a disk of so many megabytes: memory that is mounted for this process alone and goes with it. */
export async function startSmallMinio(folder: string, megabytes: number): Promise<MinioServer> {
  const program = join(folder, 'small-minio');
  const minio = join(await installOnce(MINIO), 'minio');
  const data = join(folder, 'data');
  // MinIO takes five minutes to give back the room of what was deleted; the loop ends with it.
  const empty = `while kill -0 $$ && sleep 1; do rm -rf '${data}'/.minio.sys/tmp/.trash/*; done &`;
  const run = `mount -t tmpfs -o size=${megabytes}m none '${data}' && { ${empty} exec '${minio}' "$@"; }`;
  await writeFile(program, `#!/bin/sh\nexec unshare --user --map-root-user --mount sh -c ${quoted(run)} minio "$@"\n`);
  await chmod(program, 0o755);
  await mkdir(data);
  const server = new MinioServer(program, folder, await freePort());
  await server.start();
  return server;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
