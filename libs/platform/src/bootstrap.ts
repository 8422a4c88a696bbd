import { isDomainError, toDomainError } from '@gpt4video/ports/errors';
import type { INestApplicationContext, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ConfigError } from './config.js';
import { Drain } from './drain.js';
import { createLogger, Logger, NestLogger } from './logging.js';
import type { PlatformConfig } from './platform-config.js';
import { startTracing, type Tracing } from './start-tracing.js';

/** Runs the module that `load` brings as a process of its own until SIGTERM or SIGINT, then drains it and exits 0. A failed start exits 1 with one line. */
export async function bootstrap(app: string, config: PlatformConfig, load: () => Promise<Type>): Promise<void> {
  const starting = beginProcess(app, config);
  try {
    const application = await NestFactory.createApplicationContext(await load(), { logger: new NestLogger(starting.logger), abortOnError: false });
    application.useLogger(application.get(NestLogger));
    starting.started(application);
  } catch (thrown) {
    failStart(app, thrown);
  }
}

/** A process that is on its way up. */
export interface StartingProcess {
  /** Logs the start itself. */
  readonly logger: Logger;
  /** From now on a signal drains the application instead of ending a start. */
  started(application: INestApplicationContext): void;
}

/** Starts to trace and to listen for SIGTERM and SIGINT: a process that takes no work yet ends at once, with 0. */
export function beginProcess(app: string, config: Pick<PlatformConfig, 'logLevel' | 'logFormat' | 'otlpEndpoint' | 'traceRatio'>): StartingProcess {
  const logger = createLogger({ app, level: config.logLevel, format: config.logFormat });
  const tracing = startTracing({ app, endpoint: config.otlpEndpoint, ratio: config.traceRatio, logger });
  const endStart = (signal: NodeJS.Signals): void => {
    logger.info('stopping before the start was done', { signal });
    process.exit(0);
  };
  for (const signal of SIGNALS) process.on(signal, endStart);
  logger.info('starting');
  return {
    logger,
    started: (application) => {
      for (const signal of SIGNALS) process.off(signal, endStart);
      stopOnSignals(application, tracing);
    },
  };
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Drains on the first signal and exits 0: not ready → admission, consumers and claims stop → calls in hand end → the
 * application closes → spans are sent. A second signal exits 1 at once.
 */
function stopOnSignals(application: INestApplicationContext, tracing: Tracing): void {
  const logger = application.get(Logger, { strict: false });
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    logger.info('stopping', { signal });
    stopInOrder(application, tracing).then(
      () => {
        logger.info('stopped');
        process.exit(0);
      },
      (err: unknown) => {
        logger.error('the process did not stop cleanly', { err });
        process.exit(1);
      },
    );
  };
  for (const signal of SIGNALS) process.on(signal, stop);
}

/** Says on one line why a process cannot start, what was behind it too, and exits 1. */
export function failStart(app: string, thrown: unknown): never {
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  const code = thrown instanceof ConfigError ? 'configuration' : toDomainError(thrown).code;
  const cause = isDomainError(thrown) && thrown.cause !== undefined ? { cause: String(thrown.cause) } : {};
  process.stderr.write(`${JSON.stringify({ level: 'error', time: new Date().toISOString(), app, code, message: `cannot start: ${reason}`, ...cause })}\n`);
  process.exit(1);
}

async function stopInOrder(application: INestApplicationContext, tracing: Tracing): Promise<void> {
  await application.get(Drain, { strict: false }).run();
  await application.close();
  await tracing.shutdown();
}
