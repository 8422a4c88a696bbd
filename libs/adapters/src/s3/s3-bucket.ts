import type { IncomingMessage } from 'node:http';
import { buffer, text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'minio';
import { prepareBucket } from './bucket-setup.js';
import { isSilence, isTransient, toStoreError } from './s3-error.js';
import { s3Transport, underSignal } from './s3-transport.js';

/** How to reach a bucket of any server that speaks S3. */
export interface S3Options {
  /** URL of the server; its scheme decides about TLS. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** True for `endpoint/bucket/key`, false for `bucket.endpoint/key`. */
  readonly pathStyle: boolean;
  /** Milliseconds of silence after which a request is given up; 20 s when absent. */
  readonly idleMs?: number;
  /** Milliseconds for which a request that was refused for the moment is tried again; 3 s when absent. */
  readonly patienceMs?: number;
}

type Method = 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';

/** One request about a key, or about the bucket. */
export interface S3Request {
  readonly method: Method;
  /** Empty for the bucket. */
  readonly key: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly payload?: Uint8Array | string;
}

const PATIENCE_MS = 3_000;
/** The pause after the first attempt, doubled after each, and the longest. */
const BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 1_000;

/** Signed requests to one bucket, tried again where that is safe: every request here has the same outcome when repeated. */
export class S3Bucket {
  private readonly client: Client;
  private readonly patienceMs: number;
  private ready: Promise<void> | undefined;
  readonly name: string;

  constructor({ endpoint, idleMs, patienceMs = PATIENCE_MS, ...options }: S3Options) {
    const url = new URL(endpoint);
    const useSSL = url.protocol === 'https:';
    const { transport, agent } = s3Transport(useSSL, idleMs);
    const port = url.port === '' ? (useSSL ? 443 : 80) : Number(url.port);
    const { region, accessKey, secretKey, pathStyle } = options;
    this.client = new Client({ endPoint: url.hostname, port, useSSL, region, accessKey, secretKey, pathStyle, transport, transportAgent: agent, retryOptions: { disableRetry: true } });
    this.name = options.bucket;
    this.patienceMs = patienceMs;
  }

  /** Sends the request and resolves with the answer, its body unread. */
  async send({ key, payload = '', headers, ...request }: S3Request): Promise<IncomingMessage> {
    await this.prepare();
    const body = typeof payload === 'string' ? payload : Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
    const options = { ...request, bucketName: this.name, objectName: key };
    // The client writes into the headers that it is given.
    return this.attempt(() => this.client.makeRequestAsync({ ...options, headers: { ...headers } }, body, [200, 204, 206]));
  }

  /** Sends the request and resolves with the text of the answer. */
  async ask(request: S3Request): Promise<string> {
    const answer = await text(await this.send(request));
    // Long work is answered with 200 before it is known how it ends (S3 API, CompleteMultipartUpload).
    const code = /<Error>[\s\S]*?<Code>([^<]*)<\/Code>/.exec(answer)?.[1];
    if (code !== undefined) throw toStoreError(Object.assign(new Error(`the server answered ${code}`), { code }));
    return answer;
  }

  /** Sends a request whose answer has nothing to say, and resolves with its headers. */
  async tell(request: S3Request): Promise<IncomingMessage['headers']> {
    const answer = await this.send(request);
    await buffer(answer);
    return answer.headers;
  }

  /** A URL that gives the object to whoever has it, for so many seconds. */
  async signedUrl(key: string, seconds: number, response: Readonly<Record<string, string>>): Promise<string> {
    return this.client.presignedGetObject(this.name, key, seconds, { ...response });
  }

  /** True when the server answers in time and the bucket can be used. */
  async answers(ms: number): Promise<boolean> {
    const exists = underSignal(AbortSignal.timeout(ms), () => this.client.bucketExists(this.name));
    return exists.then((made) => made || this.prepare().then(() => true)).catch(() => false);
  }

  /** Makes the bucket at its first use, since the server may be up later than we are. */
  private async prepare(): Promise<void> {
    this.ready ??= underSignal(undefined, () => this.attempt(() => prepareBucket(this.client, this.name)));
    await this.ready.catch((error: unknown) => {
      this.ready = undefined;
      throw error;
    });
  }

  private async attempt<T>(work: () => Promise<T>): Promise<T> {
    const end = performance.now() + this.patienceMs;
    for (let pauseMs = BACKOFF_MS; ; pauseMs = Math.min(2 * pauseMs, MAX_BACKOFF_MS)) {
      try {
        return await work();
      } catch (error) {
        // One that fell silent has had its time.
        if (!isTransient(error) || isSilence(error) || performance.now() >= end) throw toStoreError(error);
        await delay(pauseMs);
      }
    }
  }
}
