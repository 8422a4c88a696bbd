import { context, trace } from '@opentelemetry/api';
import type { LoggerService } from '@nestjs/common';
import { pino } from 'pino';
import type { LogLevel } from '@gpt4video/ports/errors';
import { loggedError } from './log-error.js';
import { prettyLines } from './log-format.js';
import { currentRequestId } from './request-context.js';
import { serviceOf } from './tracing.js';

/** Structured facts of a line. Never payloads, prompts, frames or keys; an error goes under `err`. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes log lines; a DI token. */
export abstract class Logger {
  abstract log(level: LogLevel, message: string, fields?: LogFields): void;

  debug(message: string, fields?: LogFields): void {
    this.log('debug', message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.log('info', message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.log('warn', message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.log('error', message, fields);
  }
}

/** The quietest level that is still written. */
export type LogThreshold = LogLevel | 'trace' | 'fatal' | 'silent';

/** How a process logs. */
export interface LogOptions {
  readonly app: string;
  readonly level: LogThreshold;
  /** `json` for machines, `pretty` for one readable line each. */
  readonly format: 'json' | 'pretty';
  /** Where lines go; standard error when absent. */
  readonly write?: (line: string) => void;
}

/** Field names whose values are never written, at the top of a line or one level down. */
const SECRETS = ['authorization', 'cookie', 'apiKey', 'api_key', 'password', 'secret', 'token', 'prompt', 'content', 'caption', 'text', 'messages'];

/** A logger of one line an event, with service, trace, span and request id of the work that logs it. */
export function createLogger({ app, level, format, write = toStandardError }: LogOptions): Logger {
  const sink = { write: format === 'pretty' ? prettyLines(write) : write };
  const log = pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: loggedError },
      redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
      // The service that does the work; one process may hold several.
      mixin: () => ({ app: serviceOf(context.active()) ?? app, ...correlation() }),
    },
    sink,
  );
  return new PinoLogger((at, message, fields) => log[at](fields, message));
}

/** Nest's own talk while it starts; a failed start is told once, by whoever started it. */
const FRAMEWORK: ReadonlySet<string> = new Set(['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication', 'ExceptionHandler']);

/** Lets Nest, and cores that use Nest's own `Logger`, write through ours. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write('info', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  // Nest appends the context's name last, and a stack before it.
  private write(stated: LogLevel, message: unknown, rest: readonly unknown[]): void {
    const name = rest.at(-1);
    const context = typeof name === 'string' ? { context: name } : {};
    const level = typeof name === 'string' && FRAMEWORK.has(name) ? 'debug' : stated;
    const stack = rest.length > 1 && typeof rest[0] === 'string' ? { stack: rest[0] } : {};
    const thrown = message instanceof Error ? message : rest.find((part) => part instanceof Error);
    const { message: said, ...fields } = typeof message === 'object' && message !== null && !(message instanceof Error) ? (message as LogFields) : {};
    const text = typeof message === 'string' ? message : (thrown?.message ?? (typeof said === 'string' ? said : 'event'));
    this.logger.log(level, text, { ...fields, ...context, ...stack, ...(thrown === undefined ? {} : { err: thrown }) });
  }
}

class PinoLogger extends Logger {
  constructor(private readonly write: (level: LogLevel, message: string, fields: LogFields) => void) {
    super();
  }

  override log(level: LogLevel, message: string, fields: LogFields = {}): void {
    this.write(level, message, fields);
  }
}

function correlation(): LogFields {
  const span = trace.getActiveSpan()?.spanContext();
  const requestId = currentRequestId();
  return {
    ...(span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId }),
    ...(requestId === undefined ? {} : { request_id: requestId }),
  };
}

function toStandardError(line: string): void {
  process.stderr.write(line);
}
