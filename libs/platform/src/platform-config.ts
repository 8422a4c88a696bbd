import { z } from 'zod';
import type { PlatformOptions } from './platform.module.js';

const port = (text: string, fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback).describe(text);

/** The fields that every separate process has; spread them into an app's own schema. */
export const PLATFORM_FIELDS = {
  grpcHost: z.string().min(1).default('0.0.0.0').describe('address on which gRPC listens'),
  grpcPort: port('port on which gRPC listens, 0 to 65535; 0 takes a free one', 50_051),
  healthHost: z.string().min(1).default('0.0.0.0').describe('address on which probes and metrics are answered'),
  healthPort: port('port on which probes and metrics are answered, 0 to 65535; 0 takes a free one', 9_090),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info').describe('quietest level that is logged: trace, debug, info, warn, error, fatal or silent'),
  logFormat: z.enum(['json', 'pretty']).default('json').describe('json for machines, pretty for people'),
  drainMs: z.coerce.number().int().min(0).default(20_000).describe('milliseconds that each phase of the shutdown may take'),
  otlpEndpoint: z.url().optional().describe('URL of an OpenTelemetry collector; without it spans leave the process nowhere').meta({ env: 'OTEL_EXPORTER_OTLP_ENDPOINT' }),
};

const platformFields = z.object(PLATFORM_FIELDS);

/** What PlatformModule takes, from a separate process's configuration. */
export function platformOptions(app: string, config: z.output<typeof platformFields>): PlatformOptions {
  return {
    app,
    grpc: { host: config.grpcHost, port: config.grpcPort },
    health: { host: config.healthHost, port: config.healthPort },
    logLevel: config.logLevel,
    logFormat: config.logFormat,
    drainMs: config.drainMs,
  };
}
