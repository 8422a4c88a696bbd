import { posix } from 'node:path';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DomainError, isDomainError } from '@gpt4video/ports/errors';
import { Agent, type Dispatcher, request } from 'undici';
import { type RemoteAnswer, RemoteFetch, type RemoteObject } from '../../core/remote/remote-fetch.js';
import { OutboundPolicy, refused } from './outbound-policy.js';
import { NameResolver, pinnedConnector, SocketConnector } from './pinned-connector.js';

const REDIRECTS = [301, 302, 303, 307, 308];
const MAX_REDIRECTS = 3;
/** Milliseconds for the whole of a fetch, and between two pieces of it. */
const WHOLE_MS = 60_000;
const SILENCE_MS = 10_000;
const MEDIA = /^(video\/[\w.+-]+|image\/(png|jpeg|webp|gif)|application\/(octet-stream|mp4))$/;

/** Reaches hosts that clients name, and no others: https, addresses checked and pinned, no redirects to other hosts, bounded in time and size. */
@Injectable()
export class GuardedFetch extends RemoteFetch implements OnApplicationShutdown {
  private readonly agent: Agent;

  constructor(
    private readonly policy: OutboundPolicy,
    names: NameResolver,
    sockets: SocketConnector,
  ) {
    super();
    this.agent = new Agent({ connect: pinnedConnector(policy, names, sockets), headersTimeout: SILENCE_MS, bodyTimeout: SILENCE_MS, maxHeaderSize: 16_384 });
  }

  override async get(text: string, maxBytes: number, signal: AbortSignal): Promise<RemoteObject> {
    const within = AbortSignal.any([signal, AbortSignal.timeout(WHOLE_MS)]);
    const { url, response } = await this.follow(text, within);
    const { statusCode, headers, body } = response;
    try {
      if (statusCode !== 200) throw refused(`the host answers ${statusCode}`, 'check the URL');
      const mediaType = String(headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
      if (!MEDIA.test(mediaType)) throw refused(`its content type is "${mediaType}"`, 'name a video or picture');
      if (Number(headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
      return { mediaType, filename: posix.basename(url.pathname) || 'video', body: bounded(body, maxBytes, signal) };
    } catch (error) {
      discard(body);
      throw error;
    }
  }

  override async post(text: string, headers: Readonly<Record<string, string>>, body: string, signal: AbortSignal): Promise<RemoteAnswer> {
    const url = this.policy.admit(text);
    const response = await this.send(url, { method: 'POST', headers, body }, AbortSignal.any([signal, AbortSignal.timeout(WHOLE_MS)]));
    discard(response.body);
    return { status: response.statusCode };
  }

  override check(text: string): void {
    this.policy.admit(text);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.agent.destroy();
  }

  private async follow(text: string, signal: AbortSignal): Promise<{ url: URL; response: Dispatcher.ResponseData }> {
    let url = this.policy.admit(text);
    this.policy.admitMediaHost(url);
    for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
      const response = await this.send(url, { method: 'GET', headers: { accept: 'video/*, image/*' } }, signal);
      if (!REDIRECTS.includes(response.statusCode)) return { url, response };
      discard(response.body);
      const target = String(response.headers.location ?? '');
      if (!URL.canParse(target, url.href)) throw refused('it redirects to nowhere', 'name the video itself');
      const next = this.policy.admit(new URL(target, url).href);
      if (next.host !== url.host || next.protocol !== url.protocol) throw refused(`it redirects to another host ("${next.host}")`, 'name the video itself');
      url = next;
    }
    throw refused('it redirects too often', 'name the video itself');
  }

  private async send(url: URL, options: { readonly method: 'GET' | 'POST'; readonly headers: Readonly<Record<string, string>>; readonly body?: string }, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    try {
      return await request(url.href, { ...options, dispatcher: this.agent, signal });
    } catch (error) {
      throw failure(error, signal);
    }
  }
}

async function* bounded(body: AsyncIterable<Uint8Array>, maxBytes: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      yield chunk;
    }
  } catch (error) {
    throw failure(error, signal);
  }
}

/** What went wrong on the way, without a word of what answered there. */
function failure(error: unknown, signal: AbortSignal): unknown {
  if (isDomainError(error)) return error;
  if (signal.aborted && isDomainError(signal.reason)) return signal.reason;
  return refused('the host does not answer as it should', 'try again later, or upload the file with POST /v1/files', error);
}

/** Lets go of a body that nobody reads. */
function discard(body: Dispatcher.ResponseData['body']): void {
  // Destroying it is an error to its listeners, and one that nobody listens to ends the process.
  body.once('error', () => undefined).destroy();
}

function tooLarge(maxBytes: number): DomainError {
  return new DomainError('video_too_large', `The file behind the URL is larger than ${maxBytes} bytes; name a smaller one.`);
}
