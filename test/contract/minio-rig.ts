import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { S3Options } from '@gpt4video/adapters/s3/s3-bucket';
import { type MinioServer, startMinio } from '@gpt4video/testing/servers/minio';
import { Client } from 'minio';

/** A real MinIO for one spec file, and a client that goes behind the store's back. */
export class MinioRig {
  private constructor(
    readonly server: MinioServer,
    readonly client: Client,
    private readonly folder: string,
  ) {}

  /** `launch` starts the server on a folder; an ordinary MinIO when absent. */
  static async start(launch: (folder: string) => Promise<MinioServer> = (folder) => startMinio({ folder })): Promise<MinioRig> {
    const folder = await mkdtemp(join(tmpdir(), 'minio-'));
    const server = await launch(folder);
    const { port, accessKey, secretKey } = server;
    return new MinioRig(server, new Client({ endPoint: '127.0.0.1', port, useSSL: false, region: 'us-east-1', accessKey, secretKey }), folder);
  }

  /** How to reach a bucket that does not exist yet. */
  newBucket(): S3Options {
    const { url: endpoint, accessKey, secretKey } = this.server;
    return { endpoint, accessKey, secretKey, region: 'us-east-1', bucket: `b-${randomUUID()}`, pathStyle: true };
  }

  /** Replaces an object's bytes by others of the same number and leaves what is said of them. */
  async damage(bucket: string, key: string): Promise<void> {
    const { metaData } = await this.client.statObject(bucket, key);
    const bytes = await buffer(await this.client.getObject(bucket, key));
    const { 'content-type': mediaType, ...facts } = metaData as Record<string, string>;
    await this.client.putObject(bucket, key, bytes.map((byte) => byte ^ 1) as Buffer, bytes.byteLength, { 'content-type': mediaType ?? '', ...facts });
  }

  /** Every key of the bucket, staging included, and every upload that is not finished. */
  async everything(bucket: string): Promise<{ readonly keys: readonly string[]; readonly uploads: readonly string[] }> {
    const keys: string[] = [];
    for await (const { name } of this.client.listObjectsV2(bucket, '', true)) keys.push(String(name));
    const uploads: string[] = [];
    for await (const { key } of this.client.listIncompleteUploads(bucket, '', true)) uploads.push(key);
    return { keys, uploads };
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}
