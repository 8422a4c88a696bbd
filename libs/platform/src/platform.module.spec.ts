import { jest } from '@jest/globals';
import { Global, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClipServiceClient, ClipServiceService, type EncodeVideoRequest, type EncodeVideoResponse } from '@gpt4video/contracts/gen/gpt4video/clip/v1/clip_service';
import { type DeadLetter, EventBus, type FactEnvelope, type Outcome, type Subscription } from '@gpt4video/ports/event-bus';
import { beginProcess } from './bootstrap.js';
import { Drain } from './drain.js';
import { FactConsumer } from './fact-consumer.js';
import { FactPublisher } from './fact-publisher.js';
import { callUnary, openClient } from './grpc-client.js';
import { type CallContext, GrpcController, GrpcServer, type RpcHandlers } from './grpc-server.js';
import { Health } from './health.js';
import { Metrics } from './metrics.js';
import { PlatformModule } from './platform.module.js';
import { never } from './spec-support/rpc-rig.js';

/** A bus that hands each fact to its subscribers at once, and remembers what was asked of it. */
class DirectBus extends EventBus {
  readonly events: string[] = [];
  private readonly subscriptions: Subscription[] = [];

  override async publish(fact: FactEnvelope): Promise<void> {
    for (const { topic, handler } of this.subscriptions) if (topic === fact.topic) await handler(fact, never());
  }

  override subscribe(subscription: Subscription): void {
    this.events.push(`subscribe ${subscription.topic} ${subscription.group}`);
    this.subscriptions.push(subscription);
  }

  override async start(): Promise<void> {
    this.events.push('start');
  }

  override async stop(): Promise<void> {
    this.events.push('stop');
  }

  override async deadLetters(): Promise<readonly DeadLetter[]> {
    return [];
  }
}

@Injectable()
class Service extends GrpcController implements RpcHandlers<typeof ClipServiceService> {
  override readonly app = 'clip-encoder';
  override readonly definition = ClipServiceService;

  async encodeVideo(_request: EncodeVideoRequest, { requestId }: CallContext): Promise<EncodeVideoResponse> {
    return { features: undefined, bundleRevision: requestId };
  }
}

@Injectable()
class Uploads extends FactConsumer {
  override readonly topic = 'generation.queued';
  override readonly group = 'video-generator';
  readonly seen: string[] = [];

  override async handle(fact: FactEnvelope): Promise<Outcome> {
    this.seen.push(fact.source);
    return 'done';
  }
}

@Global()
@Module({ providers: [{ provide: EventBus, useClass: DirectBus }], exports: [EventBus] })
class BusModule {}

const options = { app: 'clip-encoder', grpc: { host: '127.0.0.1', port: 0 }, health: { host: '127.0.0.1', port: 0 }, logLevel: 'silent', logFormat: 'json', drainMs: 500 } as const;

@Module({ imports: [PlatformModule.forRoot(options), BusModule], providers: [Service, Uploads] })
class App {}

describe('a process', () => {
  const start = () => NestFactory.createApplicationContext(App, { logger: false, abortOnError: false });

  it('serves the controllers and consumers that it finds, and stops in order', async () => {
    const app = await start();
    const bus = app.get<DirectBus>(EventBus);
    const server = app.get(GrpcServer);
    const client = openClient(ClipServiceClient, server.address);
    const order: string[] = [];
    for (const phase of ['reporting', 'serving', 'work', 'admission', 'readiness'] as const) app.get(Drain).add(phase, phase, async () => void order.push(phase));

    await expect(callUnary(client, 'encodeVideo', { video: undefined }, { signal: never() })).resolves.toMatchObject({ bundleRevision: expect.stringMatching(/-/) });
    expect(bus.events).toEqual(['subscribe generation.queued video-generator', 'start']);
    await app.get(FactPublisher).publish('generation.queued', { generationId: 'g' });
    expect(app.get(Uploads).seen).toEqual(['clip-encoder']);
    expect((await app.get(Health).ready()).ok).toBe(true);
    expect(await app.get(Metrics).text()).toContain('gpt4video_rpc_duration_seconds_count');

    await app.close();
    expect(order).toEqual(['readiness', 'admission', 'work', 'serving', 'reporting']);
    expect(bus.events.at(-1)).toBe('stop');
    expect((await app.get(Health).ready()).checks).toMatchObject({ process: 'draining' });
    await expect(callUnary(client, 'encodeVideo', { video: undefined }, { signal: never(), awayMs: 100 })).rejects.toMatchObject({ code: 'unavailable' });
    client.close();
  });

  it('drains on SIGTERM and exits 0; a part that cannot stop does not keep the rest', async () => {
    const app = await start();
    const before = process.listeners('SIGTERM');
    const interrupts = process.listeners('SIGINT');
    const order: string[] = [];
    app.get(Drain).add('work', 'claims', () => Promise.reject(new Error('stuck')));
    app.get(Drain).add('serving', 'films', async () => void order.push('films'));
    const exit = new Promise<number>((resolve) => {
      jest.spyOn(process, 'exit').mockImplementation(((code: number) => resolve(code)) as typeof process.exit);
    });
    beginProcess('spec', { logLevel: 'silent', logFormat: 'json', traceRatio: 1 }).started(app);
    const added = process.listeners('SIGTERM').filter((listener) => !before.includes(listener));
    for (const listener of added) listener('SIGTERM');
    expect(await exit).toBe(0);
    expect(order).toEqual(['films']);
    for (const listener of added) process.removeListener('SIGTERM', listener);
    for (const listener of process.listeners('SIGINT')) if (!interrupts.includes(listener)) process.removeListener('SIGINT', listener);
    jest.restoreAllMocks();
  });

  it('does not start without a bus when it has a consumer, and says so', async () => {
    @Module({ imports: [PlatformModule.forRoot({ ...options, app: 'lost' })], providers: [Uploads] })
    class Lost {}
    await expect(NestFactory.createApplicationContext(Lost, { logger: false, abortOnError: false })).rejects.toThrow('EventBus');
  });
});
