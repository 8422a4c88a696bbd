import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ObjectStore } from '@gpt4video/ports/object-store';
import { GenerationQueue, type Lease } from '../src/core/generations/generation-queue.js';
import type { GatewayRig } from './gateway-rig.js';

const FILM = resolve(import.meta.dirname, '../../../models/cartoon/samples/red-star.mp4');

/** A film worker that does each step when the test says so; the queue is the real one. */
export class ScriptedFilms {
  private readonly queue: GenerationQueue;

  constructor(private readonly rig: GatewayRig) {
    this.queue = rig.get(GenerationQueue);
  }

  /** The next film that waits; waits for one. */
  async claim(): Promise<Lease> {
    for (let tries = 0; tries < 400; tries += 1) {
      const lease = await this.queue.claim('scripted');
      if (lease !== undefined) return lease;
      await new Promise((accept) => setTimeout(accept, 25));
    }
    throw new Error('no film was asked for');
  }

  async progress(lease: Lease, percent: number): Promise<void> {
    await this.queue.heartbeat(lease, percent);
  }

  /** Ends with a film that plays. */
  async finish(lease: Lease): Promise<void> {
    const bytes = new Uint8Array(await readFile(FILM));
    const store = this.rig.get(ObjectStore);
    const put = (name: string, mediaType: string) => store.put(`films/${lease.generationId}/${name}`, bytes, { mediaType });
    const result = { video: await put('v', 'video/mp4'), thumbnail: await put('t', 'image/webp'), spritesheet: await put('s', 'image/jpeg') };
    await this.queue.complete(lease, { ...result, stageMs: { text_encoder: 4, denoise: 1_500, decode: 20, screen: 160, encode: 14, store: 9 }, bundleRevision: 'abcdef012345' });
  }

  /** Ends with a film that screening holds back. */
  async block(lease: Lease): Promise<void> {
    await this.queue.fail(lease, { code: 'moderation_blocked.output', message: 'The film was declined by the safety policy.', retryable: false, category: 'violence/graphic' });
  }
}
