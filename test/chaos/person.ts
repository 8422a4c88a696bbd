import type { Random } from '@gpt4video/model/random/random';
import { type Client, pause } from './client.js';
import { followEvents } from './event-follower.js';
import type { History } from './history.js';

/** What a person uses. */
export interface Means {
  readonly client: Client;
  readonly history: History;
  readonly random: Random;
  /** A small video; each upload gets some bytes of its own, so that no two are the same. */
  readonly clip: Uint8Array;
  readonly stopped: AbortSignal;
}

/** Someone who uploads, asks, films, cancels and pries until the run stops. Everything is drawn from the seed. */
export class Person {
  private readonly films: string[] = [];
  private readonly files: string[] = [];
  private readonly following: Promise<void>[] = [];
  private requests = 0;

  constructor(private readonly means: Means) {}

  /** Resolves when the run was stopped and nothing is in hand. */
  async live(): Promise<void> {
    while (!this.means.stopped.aborted) {
      await this.act(this.means.random.float());
      await pause(100 + this.means.random.float() * 900);
    }
    await Promise.all(this.following);
  }

  private act(chance: number): Promise<void> {
    if (chance < 0.3) return this.film();
    if (chance < 0.5) return this.upload();
    if (chance < 0.7) return this.ask();
    if (chance < 0.78) return this.cancel();
    if (chance < 0.88) return this.pry();
    return this.look();
  }

  private async film(): Promise<void> {
    const { client, history, random, stopped } = this.means;
    const body = JSON.stringify({ prompt: 'a red ball moves left by day', seed: random.uint32() % 1_000, num_inference_steps: 4 + (random.uint32() % 8) });
    const answer = await client.accepted('/v1/videos', this.nextKey(), () => body, { 'content-type': 'application/json' });
    if (answer?.status !== 200) return;
    const id = String(answer.body['id']);
    this.films.push(id);
    history.add({ kind: 'accepted', job: 'generation', id, tenant: client.tenant });
    this.following.push(followEvents(client, id, history, random, stopped));
  }

  private async upload(): Promise<void> {
    const { client, history, clip, random } = this.means;
    const bytes = withOwnBytes(clip, random.uint32());
    const body = (): FormData => {
      const form = new FormData();
      form.set('purpose', 'vision');
      form.set('file', new Blob([bytes]), 'clip.mp4');
      return form;
    };
    const answer = await client.accepted('/v1/files', this.nextKey(), body);
    if (answer?.status !== 200) return;
    const id = String(answer.body['id']);
    this.files.push(id);
    history.add({ kind: 'accepted', job: 'file', id, tenant: client.tenant });
  }

  /** A question about a clip, or a wish for a film; what the answer tells of films is written down. */
  private async ask(): Promise<void> {
    const { client, history, random } = this.means;
    const file = pick(this.files, random);
    const parts = file === undefined ? [] : [{ type: 'file', file: { file_id: file } }];
    const text = random.float() < 0.5 ? 'What is in the video?' : 'Make a video of a blue star that moves up.';
    const body = JSON.stringify({ model: 'cartoon', messages: [{ role: 'user', content: [...parts, { type: 'text', text }] }], max_completion_tokens: 24 });
    const answer = await client.once('/v1/chat/completions', { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    for (const [, id = ''] of JSON.stringify(answer?.body ?? {}).matchAll(/\/v1\/videos\/(video_[0-9a-z]+)\/content/g)) {
      history.add({ kind: 'told', id, tenant: client.tenant });
    }
  }

  private async cancel(): Promise<void> {
    const id = pick(this.films, this.means.random);
    if (id !== undefined) await this.means.client.once(`/v1/videos/${id}/cancel`, { method: 'POST' });
  }

  /** Asks for what another tenant made. */
  private async pry(): Promise<void> {
    const { client, history, random } = this.means;
    const others = history.entries.flatMap((entry) => (entry.kind === 'accepted' && tenantOf(entry.tenant) !== tenantOf(client.tenant) ? [entry] : []));
    const other = pick(others, random);
    if (other === undefined) return;
    const path = other.job === 'file' ? `/v1/files/${other.id}` : `/v1/videos/${other.id}`;
    const answer = await client.once(path);
    if (answer !== undefined) history.add({ kind: 'foreign', path, tenant: client.tenant, status: answer.status });
  }

  private async look(): Promise<void> {
    const id = pick([...this.films, ...this.files], this.means.random);
    if (id !== undefined) await observe(this.means.client, id, this.means.history);
  }

  private nextKey(): string {
    this.requests += 1;
    return `${this.means.client.tenant}-${this.requests}`;
  }
}

/** Reads one job's state and writes it down; resolves with it, or undefined when there was no answer. */
export async function observe(client: Client, id: string, history: History): Promise<string | undefined> {
  const sentMs = performance.now();
  const answer = await client.once(id.startsWith('video_') ? `/v1/videos/${id}` : `/v1/files/${id}`);
  if (answer === undefined || answer.status >= 500 || answer.status === 429) return undefined;
  const state = answer.status === 200 ? stateOf(answer.body) : `gone (${answer.status})`;
  history.add({ kind: 'observed', id, state, sentMs, receivedMs: performance.now() });
  return state;
}

/** The API tells a cancelled film as failed with the code `cancelled`. */
function stateOf({ status, error }: Record<string, unknown>): string {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return code === 'cancelled' ? 'cancelled' : String(status);
}

/** The same video with an MP4 `free` box of four bytes at its end, which every reader skips. */
function withOwnBytes(clip: Uint8Array, mark: number): Uint8Array<ArrayBuffer> {
  const box = Buffer.from([0, 0, 0, 12, ...Buffer.from('free'), 0, 0, 0, 0]);
  box.writeUInt32BE(mark, 8);
  return new Uint8Array(Buffer.concat([clip, box]));
}

/** Several people may belong to a tenant: `one-0` and `one-2` do. */
function tenantOf(name: string): string {
  return name.split('-')[0] ?? name;
}

function pick<Value>(values: readonly Value[], random: Random): Value | undefined {
  return values[random.uint32() % Math.max(values.length, 1)];
}
