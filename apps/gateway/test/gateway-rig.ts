import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FilesystemObjectStore } from '@gpt4video/adapters/filesystem/filesystem-object-store';
import { InProcessEventBus } from '@gpt4video/adapters/in-process/in-process-event-bus';
import { GrpcServer } from '@gpt4video/platform/grpc-server';
import { PlatformModule } from '@gpt4video/platform/platform.module';
import { SystemClock } from '@gpt4video/platform/system-clock';
import { startTracing, type Tracing } from '@gpt4video/platform/start-tracing';
import { EventBus } from '@gpt4video/ports/event-bus';
import { ObjectStore } from '@gpt4video/ports/object-store';
import { Global, Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { GatewayConfig, gatewayConfig } from '../src/config.js';
import { type ModelCard, ModelCatalog } from '../src/core/models/model-catalog.js';
import { KeyService } from '../src/core/tenants/key.service.js';
import { GatewayModule } from '../src/gateway.module.js';
import { GatewayDatabase } from '../src/storage/gateway-database.js';
import { StageAddresses } from '../src/transport/grpc/stage-addresses.js';
import { createHttpAdapter, prepareHttp } from '../src/transport/http/http-application.js';
import { OpenApiDocument } from '../src/transport/http/openapi/openapi-document.js';
import { DescribedAnswers } from './described-answers.js';
import { FakeDialogue, FakeFrames, FakeSafety } from './fake-stages.js';
import { TestDatabase } from './test-database.js';

const CARD: ModelCard = {
  id: 'cartoon',
  revision: 'abcdef012345',
  contextTokens: 8192,
  tokensPerVideo: 65,
  sampling: { temperature: 0, topP: 1, repetitionPenalty: 1, maxTokens: 160 },
  film: { sizes: ['128x128', '256x256'], maxSteps: 100, frames: 16, fps: 8, defaults: { steps: 20, guidanceScale: 4 }, captionTokens: 32 },
  safety: { policyVersion: 'test', thresholds: { violence: 0.5, hate: 0.5 }, frameThreshold: 0.5 },
  parts: { vision: 1 },
};

@Global()
@Module({})
class World {
  static of(database: GatewayDatabase, objects: string, config: Partial<GatewayConfig>): DynamicModule {
    const providers = [
      { provide: ObjectStore, useFactory: () => FilesystemObjectStore.open(objects) },
      { provide: EventBus, useFactory: () => new InProcessEventBus({ clock: new SystemClock() }) },
      { provide: GatewayDatabase, useValue: database },
      { provide: GatewayConfig, useValue: gatewayConfig(config) },
      { provide: ModelCatalog, useValue: { list: () => [CARD] } },
      { provide: StageAddresses, inject: [GrpcServer], useFactory: ({ address }: GrpcServer) => ({ frameExtractor: address, dialogue: address, safety: address }) },
      FakeDialogue,
      FakeSafety,
      FakeFrames,
    ];
    return { module: World, providers, exports: providers.map((provider) => ('provide' in provider ? provider.provide : provider)) };
  }
}

/** The gateway with a real database of its own, store, bus and gRPC, and stages that do as they are told. Keys `sk-a…` and `sk-b…`. */
export class GatewayRig {
  private constructor(
    readonly app: NestFastifyApplication,
    private readonly postgres: TestDatabase,
    private readonly objects: string,
    private readonly tracing: Tracing,
    readonly described: DescribedAnswers,
  ) {}

  static async start(config: Partial<GatewayConfig> = {}): Promise<GatewayRig> {
    const postgres = await TestDatabase.start();
    const tracing = startTracing({ app: 'test' });
    const objects = await mkdtemp(join(tmpdir(), 'gpt4video-objects-'));
    const platform = PlatformModule.forRoot({ app: 'gateway', grpc: { host: '127.0.0.1', port: 0 }, logLevel: 'silent', logFormat: 'json', drainMs: 2_000 });
    const module = { module: class Root {}, imports: [platform, World.of(postgres.database, objects, config), GatewayModule] };
    const app = await NestFactory.create<NestFastifyApplication>(module, createHttpAdapter(gatewayConfig(config)), { logger: false, abortOnError: false });
    await prepareHttp(app);
    await app.listen(0, '127.0.0.1');
    const keys = app.get(KeyService, { strict: false });
    for (const id of ['a', 'b']) await keys.admit({ id, name: id }, 'test', keyOf(id));
    const document = app.get(OpenApiDocument, { strict: false }).get() as unknown as DescribedAnswers['document'];
    return new GatewayRig(app, postgres, objects, tracing, new DescribedAnswers(document));
  }

  /** What the gateway keeps. */
  get database(): GatewayDatabase {
    return this.postgres.database;
  }

  get<T>(token: abstract new (...args: never[]) => T): T {
    return this.app.get(token, { strict: false });
  }

  async url(): Promise<string> {
    return this.app.getUrl();
  }

  /** A request over real HTTP with a tenant's key; its answer is as the server describes it. */
  async request(path: string, init: RequestInit & { tenant?: string } = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (!headers.has('authorization')) headers.set('authorization', `Bearer ${keyOf(init.tenant ?? 'a')}`);
    const url = new URL(path, await this.url());
    const response = await fetch(url, { ...init, headers });
    if (!isStream(response)) await this.described.check(init.method ?? 'GET', url.pathname, response);
    return response;
  }

  post(path: string, body: unknown, init: RequestInit & { tenant?: string } = {}): Promise<Response> {
    return this.request(path, { ...init, method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers: { 'content-type': 'application/json', ...(init.headers as Record<string, string>) } });
  }

  upload(bytes: Uint8Array<ArrayBuffer>, init: RequestInit = {}): Promise<Response> {
    const form = new FormData();
    form.set('file', new Blob([bytes], { type: 'video/mp4' }), 'clip.mp4');
    // After the file, as some clients do.
    form.set('purpose', 'vision');
    return this.request('/v1/files', { ...init, method: 'POST', body: form });
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.tracing.shutdown();
    await this.postgres.stop();
    await rm(this.objects, { recursive: true, force: true });
  }
}

/** A stream is read by its test, which hands it to `described` when it has ended. */
function isStream(response: Response): boolean {
  return response.headers.get('content-type')?.startsWith('text/event-stream') === true;
}

export function keyOf(tenant: string): string {
  return `sk-${tenant}-0123456789abcdef`;
}

/** The JSON of an answer. */
export async function json<T = Record<string, never>>(response: Response): Promise<T> {
  return (await response.json()) as T;
}

/** Waits until the condition holds. */
export async function until(condition: () => Promise<boolean> | boolean, ms = 5_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('the condition did not come true');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
