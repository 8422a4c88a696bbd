import { type DynamicModule, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Clock } from '@gpt4video/ports/clock';
import { BusWatch, EventBus } from '@gpt4video/ports/event-bus';
import { Drain } from './drain.js';
import { FactPublisher } from './fact-publisher.js';
import { FactWatch } from './fact-watch.js';
import { GrpcServer, type ListenOptions } from './grpc-server.js';
import { HealthServer } from './health-server.js';
import { Health } from './health.js';
import { createLogger, type LogOptions, Logger, NestLogger } from './logging.js';
import { Metrics } from './metrics.js';
import { PlatformRunner, Plant } from './platform-runner.js';
import { SystemClock } from './system-clock.js';

/** What the platform needs to know of a process. */
export interface PlatformOptions {
  /** Name of the process, such as `clip-encoder`; CloudEvents source of its facts. */
  readonly app: string;
  readonly grpc: ListenOptions;
  /** Port for probes and metrics; none when absent, because the process answers them on a port of its own. */
  readonly health?: ListenOptions;
  readonly logLevel: LogOptions['level'];
  readonly logFormat: LogOptions['format'];
  /** Milliseconds between "not ready" and the end of new connections at shutdown; 0 when absent. */
  readonly lameDuckMs?: number;
  /** Milliseconds that each phase of the shutdown may take; 20,000 when absent. */
  readonly drainMs?: number;
}

const DEFAULT_DRAIN_MS = 20_000;

/**
 * The plumbing of every process, global: Logger, NestLogger, Metrics, Health, Drain, Clock, GrpcServer (its `address`
 * is known), FactPublisher and BusWatch. Starts the gRPC controllers and fact consumers it discovers.
 */
@Module({})
export class PlatformModule {
  static forRoot(options: PlatformOptions): DynamicModule {
    return {
      module: PlatformModule,
      global: true,
      imports: [DiscoveryModule],
      providers: [
        { provide: Logger, useFactory: () => createLogger({ app: options.app, level: options.logLevel, format: options.logFormat }) },
        { provide: NestLogger, inject: [Logger], useFactory: (logger: Logger) => new NestLogger(logger) },
        { provide: Metrics, useFactory: processMetrics },
        Health,
        { provide: Clock, useClass: SystemClock },
        { provide: Drain, inject: [Logger], useFactory: (logger: Logger) => new Drain(logger, { lameDuckMs: options.lameDuckMs ?? 0, graceMs: options.drainMs ?? DEFAULT_DRAIN_MS }) },
        { provide: GrpcServer, inject: [Metrics, Logger], useFactory: (metrics: Metrics, logger: Logger) => preparedServer(metrics, logger, options.grpc) },
        { provide: HealthServer, inject: [Health, Metrics, Drain], useFactory: (health: Health, metrics: Metrics, drain: Drain) => healthServer({ health, metrics, drain }, options.health) },
        { provide: FactPublisher, inject: [{ token: EventBus, optional: true }, Clock], useFactory: (bus: EventBus | undefined, clock: Clock) => new FactPublisher(bus, clock, options.app) },
        { provide: BusWatch, useClass: FactWatch },
        Plant,
        PlatformRunner,
      ],
      exports: [Logger, NestLogger, Metrics, Health, Clock, Drain, GrpcServer, FactPublisher, BusWatch],
    };
  }
}

function processMetrics(): Metrics {
  const metrics = new Metrics();
  metrics.collectProcess();
  return metrics;
}

async function preparedServer(metrics: Metrics, logger: Logger, listen: ListenOptions): Promise<GrpcServer> {
  const server = new GrpcServer(metrics, logger);
  await server.prepare(listen);
  return server;
}

async function healthServer(parts: { readonly health: Health; readonly metrics: Metrics; readonly drain: Drain }, listen: ListenOptions | undefined): Promise<HealthServer> {
  const server = new HealthServer(parts.health, parts.metrics);
  if (listen === undefined) return server;
  await server.listen(listen);
  // Probes are answered to the very end: a draining process is live and not ready.
  parts.drain.add('reporting', 'health', () => server.close());
  return server;
}
