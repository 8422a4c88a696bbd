import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { GenerationQueueServiceClient } from '@gpt4video/contracts/gen/gpt4video/generation/v1/generation_service';
import { callUnary, openClient } from '@gpt4video/platform/grpc-client';
import { untraced } from '@gpt4video/platform/tracing';
import { FilmWorkerSettings } from '../core/film-worker-settings.js';
import { GenerationQueue, type FilmFailure, type Lease, type Pulse, type StoredFilm } from '../core/generation-queue.js';
import { completion, failure, leaseOf, proofOf, pulseOf } from './generation.mapper.js';

/** Where the owner of the generation queue listens. */
export abstract class GenerationQueueAddress {
  /** `host:port`; read at the first call. */
  abstract readonly address: string;
}

// An owner that hangs must not hold a worker for longer than a lease lasts.
const TIMEOUT_MS = 5_000;

/** Claims and finishes generations at their owner. */
@Injectable()
export class QueueClient extends GenerationQueue implements OnApplicationShutdown {
  private client: GenerationQueueServiceClient | undefined;

  constructor(
    private readonly upstream: GenerationQueueAddress,
    private readonly settings: FilmWorkerSettings,
  ) {
    super();
  }

  override async claim(signal: AbortSignal): Promise<Lease | undefined> {
    // An idle worker asks all the time; the trace that matters begins with the lease.
    const { lease } = await untraced(() => callUnary(this.open(), 'claim', { worker: this.settings.worker }, { signal, timeoutMs: TIMEOUT_MS }));
    return lease === undefined ? undefined : leaseOf(lease);
  }

  override async heartbeat(lease: Lease, progress: number, signal: AbortSignal): Promise<Pulse> {
    return pulseOf(await callUnary(this.open(), 'heartbeat', { ...proofOf(lease), progress }, { signal, timeoutMs: TIMEOUT_MS }));
  }

  override async complete(lease: Lease, film: StoredFilm, signal: AbortSignal): Promise<void> {
    await callUnary(this.open(), 'complete', completion(lease, film, this.settings.bundleRevision), { signal, timeoutMs: TIMEOUT_MS });
  }

  override async fail(lease: Lease, why: FilmFailure, signal: AbortSignal): Promise<void> {
    await callUnary(this.open(), 'fail', failure(lease, why), { signal, timeoutMs: TIMEOUT_MS });
  }

  override async release(lease: Lease, signal: AbortSignal): Promise<void> {
    await callUnary(this.open(), 'release', proofOf(lease), { signal, timeoutMs: TIMEOUT_MS });
  }

  onApplicationShutdown(): void {
    this.client?.close();
  }

  private open(): GenerationQueueServiceClient {
    this.client ??= openClient(GenerationQueueServiceClient, this.upstream.address);
    return this.client;
  }
}
