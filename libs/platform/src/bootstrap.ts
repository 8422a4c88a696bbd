import type { INestApplicationContext, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ConfigError } from './config.js';
import { Drain } from './drain.js';
import { createLogger, type LogOptions, Logger, NestLogger } from './logging.js';
import { startTracing } from './tracing.js';

/** How a process starts. */
export interface BootstrapOptions {
  readonly app: string;
  /** True when a collector is configured. */
  readonly exportSpans: boolean;
  /** How the start itself is logged; `info` as JSON when absent. */
  readonly log?: Pick<LogOptions, 'level' | 'format'>;
}

/** Runs a module as a process of its own until SIGTERM or SIGINT, then drains it and exits 0. A failed start exits 1 with one line. */
export async function bootstrap(module: Type, { app, exportSpans, log = { level: 'info', format: 'json' } }: BootstrapOptions): Promise<void> {
  const tracing = startTracing({ app, exportSpans });
  try {
    const application = await NestFactory.createApplicationContext(module, { logger: new NestLogger(createLogger({ app, ...log })), abortOnError: false });
    application.useLogger(application.get(NestLogger));
    stopOnSignals(application, () => tracing.shutdown());
  } catch (thrown) {
    failStart(app, thrown);
  }
}

/**
 * Drains on the first SIGTERM or SIGINT and exits 0: not ready → consumers and claims stop → calls in hand end → the
 * application closes → `last` runs. A second signal exits 1 at once.
 */
export function stopOnSignals(application: INestApplicationContext, last: () => Promise<void> = () => Promise.resolve()): void {
  const logger = application.get(Logger, { strict: false });
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    logger.info('stopping', { signal });
    stopInOrder(application, last).then(
      () => process.exit(0),
      (err: unknown) => {
        logger.error('the process did not stop cleanly', { err });
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** Says on one line why a process cannot start, and exits 1. */
export function failStart(app: string, thrown: unknown): never {
  const reason = thrown instanceof ConfigError || thrown instanceof Error ? thrown.message : String(thrown);
  process.stderr.write(`${JSON.stringify({ level: 'error', time: new Date().toISOString(), app, message: `cannot start: ${reason}` })}\n`);
  process.exit(1);
}

async function stopInOrder(application: INestApplicationContext, last: () => Promise<void>): Promise<void> {
  await application.get(Drain, { strict: false }).run();
  await application.close();
  await last();
}
