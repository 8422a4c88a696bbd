import { Logger } from '@nestjs/common';
import { markKeyOf } from '@gpt4video/model/watermark/mark-key';
import type { OwnThresholds } from '@gpt4video/model/safety/own-thresholds';
import { DomainError } from '@gpt4video/ports/errors';
import { FilmModel, type Film, type FilmProgress, type FilmSpec } from '@gpt4video/ports/film-model';
import { ImageCodec, type Picture } from '@gpt4video/ports/image-codec';
import { VideoCodec, type EncodeRequest } from '@gpt4video/ports/video-codec';
import { ManualClock, settle } from '@gpt4video/testing/fakes/manual-clock';
import { StampedProvenance } from '@gpt4video/testing/fakes/stamped-provenance';
import { MemoryObjectStore } from '@gpt4video/testing/fakes/memory-object-store';
import { FilmAttemptService } from './film-attempt.service.js';
import { FilmLibrary } from './film-library.js';
import { FilmMaster } from './film-master.js';
import { FilmObserver, type AttemptOutcome } from './film-observer.js';
import type { FilmWorkerSettings } from './film-worker-settings.js';
import { FilmWorker } from './film-worker.js';
import { GenerationQueue, type FilmFailure, type Lease, type Pulse, type StoredFilm } from './generation-queue.js';
import { ALLOWED, NotedFilmScreen } from '../../test/noted-film-screen.js';
import { LeaseToken } from './lease-token.js';
import { MakeFilmService } from './make-film.service.js';

const SPEC: FilmSpec = { caption: 'a secret caption', negativePrompt: '', seed: 1, steps: 4, guidanceScale: 4, width: 2, height: 2, frames: 3, fps: 8 };
const SETTINGS: FilmWorkerSettings = { worker: 'w', bundleRevision: 'rev', heartbeatMs: 1_000, pollMs: 10_000, releaseMs: 100 };
const LEASE_MS = 30_000;
const KEY = markKeyOf(new Uint8Array(24));

/** One leased row at a time, with the owner's view of it. */
class OneRowQueue extends GenerationQueue {
  readonly beats: number[] = [];
  readonly completed: StoredFilm[] = [];
  readonly failed: FilmFailure[] = [];
  readonly released: string[] = [];
  waiting: Lease[] = [];
  claims = 0;
  stop = false;
  fault: { readonly on: 'claim' | 'heartbeat' | 'complete' | 'fail'; readonly error: DomainError } | undefined;

  constructor(private readonly clock: ManualClock) {
    super();
  }

  override async claim(): Promise<Lease | undefined> {
    this.claims += 1;
    this.failOn('claim');
    return await Promise.resolve(this.waiting.shift());
  }

  override async heartbeat(_lease: Lease, progress: number): Promise<Pulse> {
    this.failOn('heartbeat');
    this.beats.push(progress);
    return await Promise.resolve({ stop: this.stop, expiresAtMs: this.clock.now() + LEASE_MS });
  }

  override async complete(_lease: Lease, film: StoredFilm): Promise<void> {
    this.failOn('complete');
    this.completed.push(film);
    await Promise.resolve();
  }

  override async fail(_lease: Lease, failure: FilmFailure): Promise<void> {
    this.failOn('fail');
    this.failed.push(failure);
    await Promise.resolve();
  }

  override async release(lease: Lease): Promise<void> {
    this.released.push(lease.generationId);
    await Promise.resolve();
  }

  private failOn(call: string): void {
    if (this.fault?.on === call) throw this.fault.error;
  }
}

/** Denoises when told to: each `step` lets one step pass. */
class SteppedModel extends FilmModel {
  override readonly limits = { sizes: ['2x2'], maxSteps: 9, frames: 3, fps: 8, defaults: { steps: 4, guidanceScale: 4 }, captionTokens: 32 };
  override readonly execution = { provider: 'cpu' } as const;
  steps = 0;
  cancelledAt: number | undefined;
  fault: Error | undefined;
  private next: () => void = () => undefined;

  override async film(spec: FilmSpec, onStep: (progress: FilmProgress) => void, signal: AbortSignal): Promise<Film> {
    for (this.steps = 0; this.steps < spec.steps; ) {
      await new Promise<void>((resolve) => (this.next = resolve));
      if (this.fault !== undefined) throw this.fault;
      if (signal.aborted) {
        this.cancelledAt = this.steps;
        throw new DomainError('cancelled', 'Cancelled.');
      }
      onStep({ step: (this.steps += 1), steps: spec.steps });
    }
    return { pixels: new Uint8Array(3 * 2 * 2 * 3).fill(7), frames: 3, width: 2, height: 2, fps: 8, stageMs: { denoise: 5 } };
  }

  async step(count = 1): Promise<void> {
    for (let done = 0; done < count; done += 1) {
      this.next();
      await settle();
    }
  }
}

const OWN: OwnThresholds = { shadow: false, thresholds: {}, frameThreshold: 0.3 };
class Mp4 extends VideoCodec {
  readonly requests: EncodeRequest[] = [];

  override async probe(): Promise<never> {
    return await Promise.reject(new Error('not asked for'));
  }

  override async decode(): Promise<never> {
    return await Promise.reject(new Error('not asked for'));
  }

  override async encodeMp4(request: EncodeRequest): Promise<Uint8Array> {
    this.requests.push(request);
    return await Promise.resolve(new TextEncoder().encode('mp4'));
  }
}

class Pictures extends ImageCodec {
  override async encode(_picture: Picture, format: string): Promise<Uint8Array> {
    return await Promise.resolve(new TextEncoder().encode(format));
  }

  override async grid(pictures: readonly Picture[], columns: number, format: string): Promise<Uint8Array> {
    return await Promise.resolve(new TextEncoder().encode(`${pictures.length} in ${columns} ${format}`));
  }

  override async decode(): Promise<never> {
    return await Promise.reject(new Error('not asked for'));
  }
}

class Outcomes extends FilmObserver {
  readonly outcomes: AttemptOutcome[] = [];
  readonly stageMs: Readonly<Record<string, number>>[] = [];

  override began(): void {}

  override ended(outcome: AttemptOutcome): void {
    this.outcomes.push(outcome);
  }

  override filmed(_frames: number, stageMs: Readonly<Record<string, number>>): void {
    this.stageMs.push(stageMs);
  }
}

function setUp() {
  const clock = new ManualClock();
  const queue = new OneRowQueue(clock);
  const model = new SteppedModel();
  const screen = new NotedFilmScreen();
  const codec = new Mp4();
  const store = new MemoryObjectStore();
  const observer = new Outcomes();
  const provenance = new StampedProvenance();
  const films = new MakeFilmService(model, screen, new FilmMaster(codec, provenance, KEY, SETTINGS), observer);
  const attempts = new FilmAttemptService(queue, films, new FilmLibrary(store, new Pictures()), clock, SETTINGS);
  const worker = new FilmWorker(queue, attempts, clock, SETTINGS, observer);
  queue.waiting = [lease(clock)];
  return { clock, queue, model, screen, codec, provenance, store, observer, worker };
}

function lease(clock: ManualClock, generationId = 'gen_1', attempt = 1): Lease {
  return { generationId, token: new LeaseToken('s3cret'), expiresAtMs: clock.now() + LEASE_MS, attempt, spec: SPEC, traceparent: '', own: OWN };
}

async function started() {
  const parts = setUp();
  parts.worker.start();
  await settle();
  return parts;
}

let logged: string[];

beforeEach(() => {
  logged = [];
  const note = (message: unknown): number => logged.push(JSON.stringify(message));
  Logger.overrideLogger({ log: note, warn: note, error: note, debug: note });
});

describe('FilmWorker: a film', () => {
  it('claims, beats with progress, and completes with what was stored', async () => {
    const { clock, queue, model, store, observer, worker } = await started();
    await model.step(2);
    await clock.advance(1_000);
    await model.step(2);
    expect(queue.beats).toEqual([45]);
    const film = queue.completed[0];
    expect(film).toMatchObject({
      video: { key: 'films/gen_1/1/video.mp4', mediaType: 'video/mp4' },
      thumbnail: { key: 'films/gen_1/1/thumbnail.webp', mediaType: 'image/webp' },
      spritesheet: { key: 'films/gen_1/1/spritesheet.jpeg', mediaType: 'image/jpeg' },
    });
    expect(Object.keys(film?.stageMs ?? {})).toEqual(['denoise', 'mark', 'screen', 'encode', 'sign', 'store']);
    expect(new TextDecoder().decode(store.objects.get('films/gen_1/1/spritesheet.jpeg')?.bytes)).toBe('3 in 4 jpeg');
    expect(observer.outcomes).toEqual(['completed']);
    await worker.stop();
  });

  it('screens ten frames by the tenant’s thresholds before anything is stored, and marks the file as AI-made without its caption', async () => {
    const { queue, model, screen, codec, provenance, store, worker } = await started();
    await model.step(4);
    expect([screen.samples[0]?.timestampsMs.length, screen.own]).toEqual([10, OWN]);
    expect(screen.samples[0]?.pixels).toHaveLength(10 * 2 * 2 * 3);
    expect(codec.requests[0]?.tags?.['comment']).toMatch(/AI-generated.*rev/);
    expect(new TextDecoder().decode(store.objects.get('films/gen_1/1/video.mp4')?.bytes)).toBe('mp4signed:gen_1');
    expect(JSON.stringify([codec.requests[0]?.tags, provenance.claims])).not.toContain('secret');
    expect(queue.completed).toHaveLength(1);
    await worker.stop();
  });

  it('films one generation after another', async () => {
    const { clock, queue, model, worker } = setUp();
    queue.waiting = [lease(clock, 'gen_1'), lease(clock, 'gen_2')];
    worker.start();
    await settle();
    await model.step(8);
    expect(queue.completed.map(({ video }) => video.key)).toEqual(['films/gen_1/1/video.mp4', 'films/gen_2/1/video.mp4']);
    await worker.stop();
  });

  it('never logs or serialises the lease token', async () => {
    const { clock, model, queue, worker } = await started();
    await model.step(4);
    queue.fault = { on: 'claim', error: new DomainError('unavailable', 'Away.') };
    await clock.advance(20_000);
    await worker.stop();
    expect(logged.length).toBeGreaterThan(0);
    expect(logged.join()).not.toContain('s3cret');
    expect(`${JSON.stringify([new LeaseToken('s3cret')])} ${new LeaseToken('s3cret').toString()}`).not.toContain('s3cret');
    expect(queue.completed).toHaveLength(1);
  });
});

describe('FilmWorker: an end without a film', () => {
  it('stops at the next step when the generation is cancelled, and stores and reports nothing', async () => {
    const { clock, queue, model, store, observer, worker } = await started();
    await model.step(1);
    queue.stop = true;
    await clock.advance(1_000);
    await model.step(1);
    expect(model.cancelledAt).toBe(1);
    expect([queue.completed, queue.failed, queue.released]).toEqual([[], [], []]);
    expect(store.puts).toEqual([]);
    expect(observer.outcomes).toEqual(['stopped']);
    await worker.stop();
  });

  it.each(['lease_lost', 'not_found'] as const)('stops when a heartbeat answers %s', async (code) => {
    const { clock, queue, model, observer, worker } = await started();
    queue.fault = { on: 'heartbeat', error: new DomainError(code, 'Not yours.') };
    await clock.advance(1_000);
    await model.step(1);
    expect(model.cancelledAt).toBe(0);
    expect(queue.failed).toEqual([]);
    expect(observer.outcomes).toEqual(['stopped']);
    await worker.stop();
  });

  it('films on while the owner does not answer, but not past the end of the lease', async () => {
    const { clock, queue, model, observer, worker } = await started();
    queue.fault = { on: 'heartbeat', error: new DomainError('unavailable', 'Restarting.') };
    await clock.advance(1_000);
    await model.step(1);
    expect(model.steps).toBe(1);
    await clock.advance(LEASE_MS);
    await model.step(1);
    expect(model.cancelledAt).toBe(1);
    expect(observer.outcomes).toEqual(['stopped']);
    await worker.stop();
  });

  it('hands the generation back at shutdown and claims no more', async () => {
    const { queue, model, observer, worker } = await started();
    await model.step(1);
    const stopped = worker.stop();
    await model.step(1);
    await stopped;
    expect(queue.released).toEqual(['gen_1']);
    expect([queue.completed, queue.failed]).toEqual([[], []]);
    expect(observer.outcomes).toEqual(['released']);
    expect(queue.claims).toBe(1);
  });

  it('finishes the film in hand at shutdown when the grace allows, and claims no more', async () => {
    const { clock, queue, model, observer, worker } = await started();
    queue.waiting = [lease(clock, 'gen_2')];
    await model.step(1);
    const stopped = worker.stop(5_000);
    await model.step(3);
    await stopped;
    expect([observer.outcomes, queue.completed.length, queue.claims]).toEqual([['completed'], 1, 1]);
  });

  it('hands the film back while the grace still has time for that', async () => {
    const { clock, queue, model, observer, worker } = await started();
    await model.step(1);
    const stopped = worker.stop(5_000);
    await clock.advance(5_000 - SETTINGS.releaseMs);
    await model.step(1);
    await stopped;
    expect([observer.outcomes, queue.released]).toEqual([['released'], ['gen_1']]);
  });

  it.each([
    ['moderation_blocked.output', false, { ...ALLOWED, allowed: false, category: 'sexual', score: 0.9 }],
    ['screening_unavailable', true, new DomainError('screening_unavailable', 'Nobody could decide.')],
    ['generation_failed', true, new DomainError('unavailable', 'Away.')],
  ] as const)('delivers nothing when screening ends in %s', async (code, retryable, decision) => {
    const { queue, model, screen, codec, store, worker } = await started();
    screen.decision = decision;
    await model.step(4);
    expect(queue.failed).toEqual([expect.objectContaining({ code, retryable, category: decision instanceof DomainError ? '' : 'sexual', ...(decision instanceof DomainError ? {} : { verdict: decision }) })]);
    expect([queue.completed, codec.requests, store.puts]).toEqual([[], [], []]);
    await worker.stop();
  });

  it.each([
    ['invalid_request', false, new DomainError('invalid_request', 'At most 9 steps.')],
    ['generation_failed', true, new Error('/secret/path exploded')],
  ])('reports a failing model as %s', async (code, retryable, fault) => {
    const { queue, model, worker } = await started();
    model.fault = fault;
    await model.step(1);
    expect(queue.failed).toEqual([expect.objectContaining({ code, retryable })]);
    expect(queue.failed[0]?.message).not.toContain('/secret');
    await worker.stop();
  });
});

describe('FilmWorker: the queue', () => {
  it('keeps the film and completes it when the owner answers again', async () => {
    const { clock, queue, model, worker } = await started();
    queue.fault = { on: 'complete', error: new DomainError('unavailable', 'Restarting.') };
    await model.step(4);
    expect(queue.completed).toEqual([]);
    queue.fault = undefined;
    await clock.advance(500);
    expect(queue.completed).toHaveLength(1);
    await worker.stop();
  });

  it('leaves the stored film alone when the lease was lost at the very end: the owner may know it', async () => {
    const { queue, model, store, observer, worker } = await started();
    queue.fault = { on: 'complete', error: new DomainError('lease_lost', 'Not yours.') };
    await model.step(4);
    expect(observer.outcomes).toEqual(['stopped']);
    expect(store.objects.size).toBe(3);
    expect(queue.failed).toEqual([]);
    await worker.stop();
  });

  it('asks an empty queue again after a while, or at once when woken', async () => {
    const { clock, queue, worker } = setUp();
    queue.waiting = [];
    worker.start();
    await settle();
    expect(queue.claims).toBe(1);
    await clock.advance(4_000);
    expect(queue.claims).toBe(1);
    await clock.advance(11_001);
    expect(queue.claims).toBe(2);
    worker.wake();
    await settle();
    expect(queue.claims).toBe(3);
    await worker.stop();
    expect(clock.sleeping).toBe(0);
  });

  it('goes on asking a queue that does not answer, and says so once', async () => {
    const { clock, queue, model, worker } = setUp();
    queue.fault = { on: 'claim', error: new DomainError('unavailable', 'Away.') };
    worker.start();
    await settle();
    await clock.advance(20_000);
    await clock.advance(20_000);
    expect(logged.filter((line) => line.includes('does not answer'))).toHaveLength(1);
    queue.fault = undefined;
    await clock.advance(20_000);
    await model.step(4);
    expect(queue.completed).toHaveLength(1);
    await worker.stop();
  });
});
