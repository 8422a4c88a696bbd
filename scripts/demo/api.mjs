import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';

/** The public HTTP API, as any client app would call it. */
export class Api {
  constructor(url, key) {
    this.url = url;
    this.key = key;
  }

  /** Uploads a clip and resolves with the file object. */
  async upload(path) {
    const form = new FormData();
    form.set('purpose', 'vision');
    form.set('file', await openAsBlob(path), basename(path));
    return this.json('/v1/files', { method: 'POST', body: form });
  }

  /** Waits until every ingest stage of the file has ended. */
  async processed(id, deadlineMs = 120_000) {
    const end = Date.now() + deadlineMs;
    for (;;) {
      const file = await this.json(`/v1/files/${id}`);
      if (file.status === 'processed' || file.status === 'error') return file;
      if (Date.now() > end) throw new Error(`file ${id} is still "${file.status}" after ${deadlineMs} ms`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Streams the answer to a conversation; `onText` gets each delta. Resolves with what came, and when. */
  async chat(messages, onText, extra = {}) {
    const started = performance.now();
    const body = JSON.stringify({ model: 'cartoon', messages, stream: true, stream_options: { include_usage: true }, ...extra });
    const response = await this.request('/v1/chat/completions', { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    const answer = { text: '', videos: [], finish: undefined, usage: undefined, moderation: undefined, firstMs: undefined, totalMs: 0 };
    for await (const chunk of chunksOf(response.body)) {
      if (chunk.error !== undefined) throw new Error(`${chunk.error.code}: ${chunk.error.message}`);
      readChunk(answer, chunk, (text) => {
        answer.firstMs ??= performance.now() - started;
        onText(text);
      });
    }
    answer.totalMs = performance.now() - started;
    return answer;
  }

  async json(path, init) {
    return (await this.request(path, init)).json();
  }

  async bytes(path) {
    return Buffer.from(await (await this.request(path)).arrayBuffer());
  }

  async request(path, init = {}) {
    const response = await fetch(new URL(path, this.url), { ...init, headers: { ...init.headers, authorization: `Bearer ${this.key}` } });
    if (response.ok) return response;
    throw new Error(`${init.method ?? 'GET'} ${path} answered ${response.status}: ${await response.text()}`);
  }
}

function readChunk(answer, chunk, onText) {
  if (chunk.usage) answer.usage = chunk.usage;
  if (chunk.moderation) answer.moderation = chunk.moderation;
  const choice = chunk.choices?.[0];
  if (choice === undefined) return;
  if (choice.delta.content) {
    answer.text += choice.delta.content;
    onText(choice.delta.content);
  }
  for (const video of choice.delta.videos ?? []) answer.videos[video.index] = video;
  answer.finish = choice.finish_reason ?? answer.finish;
}

async function* chunksOf(body) {
  let buffer = '';
  for await (const piece of body.pipeThrough(new TextDecoderStream())) {
    buffer += piece;
    const events = buffer.split('\n\n');
    buffer = events.pop() ?? '';
    for (const event of events) {
      if (event.startsWith('data: ') && event !== 'data: [DONE]') yield JSON.parse(event.slice(6));
    }
  }
}
