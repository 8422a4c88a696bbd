import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { SafetyServiceClient } from '@gpt4video/contracts/gen/gpt4video/safety/v1/safety_service';
import type { OwnThresholds } from '@gpt4video/model/safety/own-thresholds';
import { callUnary, openClient } from '@gpt4video/platform/grpc-client';
import { FilmScreen, type FilmDecision, type FilmSample } from '../core/film-screen.js';
import { decisionOf, sampleToWire } from './safety.mapper.js';

/** Where the safety service listens. */
export abstract class SafetyAddress {
  /** `host:port`; read at the first call. */
  abstract readonly address: string;
}

/** Asks the safety service about films. */
@Injectable()
export class SafetyClient extends FilmScreen implements OnApplicationShutdown {
  private client: SafetyServiceClient | undefined;

  constructor(private readonly upstream: SafetyAddress) {
    super();
  }

  override async screen(sample: FilmSample, own: OwnThresholds | undefined, signal: AbortSignal): Promise<FilmDecision> {
    this.client ??= openClient(SafetyServiceClient, this.upstream.address);
    return decisionOf(await callUnary(this.client, 'screenFrames', sampleToWire(sample, own), { signal, idempotent: true }));
  }

  onApplicationShutdown(): void {
    this.client?.close();
  }
}
