import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService, ModuleRef } from '@nestjs/core';
import { EventBus } from '@gpt4video/ports/event-bus';
import { Drain } from './drain.js';
import { FactConsumer, subscriptionOf } from './fact-consumer.js';
import { watchFacts } from './fact-health.js';
import { GrpcController, GrpcServer } from './grpc-server.js';
import { Health } from './health.js';
import { Logger } from './logging.js';
import { Metrics } from './metrics.js';
import { measureModels } from './model-metrics.js';

/** The parts of a process that the runner starts and stops. */
@Injectable()
export class Plant {
  constructor(
    readonly server: GrpcServer,
    readonly metrics: Metrics,
    readonly logger: Logger,
    readonly health: Health,
    readonly drain: Drain,
  ) {}
}

const HEALTH_PERIOD_MS = 1_000;

/** Finds the process's gRPC controllers and fact consumers, starts them when everything is built, and drains them at the end. */
@Injectable()
export class PlatformRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private healthTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly plant: Plant,
    private readonly discovery: DiscoveryService,
    private readonly modules: ModuleRef,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { drain, server } = this.plant;
    drain.add('readiness', 'health', async () => this.refuse());
    drain.add('serving', 'gRPC', (graceMs) => server.drain(graceMs));
    try {
      await this.start();
    } catch (thrown) {
      // A process that cannot start must not keep its ports.
      await drain.run();
      throw thrown;
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.plant.drain.run();
  }

  private async start(): Promise<void> {
    const { health, metrics, server } = this.plant;
    measureModels(health, metrics);
    for (const controller of this.instancesOf(GrpcController)) server.add(controller);
    await this.startConsumers();
    await server.open();
    health.open();
    await this.reportHealth();
    this.healthTimer = setInterval(() => void this.reportHealth(), HEALTH_PERIOD_MS);
    this.healthTimer.unref();
  }

  private async startConsumers(): Promise<void> {
    const { drain, health, logger, metrics } = this.plant;
    const consumers = this.instancesOf(FactConsumer);
    if (consumers.length === 0) return;
    const bus = this.modules.get(EventBus, { strict: false });
    for (const consumer of consumers) bus.subscribe(subscriptionOf(consumer, { metrics, logger, system: bus.system }));
    await bus.start();
    watchFacts(bus, health);
    drain.add('work', 'facts', (graceMs) => bus.stop(graceMs));
  }

  private refuse(): void {
    clearInterval(this.healthTimer);
    this.plant.health.close('draining');
    this.plant.server.setServing(false);
  }

  private async reportHealth(): Promise<void> {
    const { ok } = await this.plant.health.ready();
    this.plant.server.setServing(ok);
  }

  private instancesOf<Kind>(kind: abstract new () => Kind): readonly Kind[] {
    const wrappers = [...this.discovery.getProviders(), ...this.discovery.getControllers()];
    const found = wrappers.map((wrapper): unknown => wrapper.instance).filter((instance): instance is Kind => instance instanceof kind);
    return [...new Set(found)];
  }
}
