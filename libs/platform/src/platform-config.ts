import { z } from 'zod';
import { PEER_ADDRESS } from './grpc-target.js';
import type { PlatformOptions } from './platform.module.js';

const port = (text: string, fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback).describe(text);

/** The fields of whatever traces; spread them into a schema. */
export const TRACING_FIELDS = {
  otlpEndpoint: z.url().optional().describe('URL of an OpenTelemetry collector that takes OTLP over HTTP; without it spans leave the process nowhere').meta({ env: 'OTEL_EXPORTER_OTLP_ENDPOINT' }),
  otlpProtocol: z.literal('http/protobuf').default('http/protobuf').describe('http/protobuf, the one protocol that is spoken').meta({ env: 'OTEL_EXPORTER_OTLP_PROTOCOL' }),
  traceRatio: z.coerce.number().min(0).max(1).default(1).describe('share of the traces that begin here and are kept, 0 to 1'),
};

/** The fields that every separate process has; spread them into an app's own schema. */
export const PLATFORM_FIELDS = {
  grpcHost: z.string().min(1).default('0.0.0.0').describe('address on which gRPC listens'),
  grpcPort: port('port on which gRPC listens, 0 to 65535; 0 takes a free one', 50_051),
  healthHost: z.string().min(1).default('0.0.0.0').describe('address on which probes and metrics are answered'),
  healthPort: port('port on which probes and metrics are answered, 0 to 65535; 0 takes a free one', 9_090),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info').describe('quietest level that is logged: trace, debug, info, warn, error, fatal or silent'),
  logFormat: z.enum(['json', 'pretty']).default('json').describe('json for machines, pretty for people'),
  lameDuckMs: z.coerce.number().int().min(0).default(0).describe('milliseconds between "not ready" and the end of new connections at shutdown; as long as load balancers take to notice'),
  drainMs: z.coerce.number().int().min(0).default(20_000).describe('milliseconds that each phase of the shutdown may take'),
  ...TRACING_FIELDS,
};

/** A field for where a service is that this one calls. */
export function peerAddress(service: string, fallback: string) {
  return z.string().regex(PEER_ADDRESS, 'must be host:port, or ip:port of each replica with commas between').default(fallback).describe(`host:port of the ${service}`);
}

const platformFields = z.object(PLATFORM_FIELDS);

/** The configuration that every separate process has. */
export type PlatformConfig = z.output<typeof platformFields>;

/** What PlatformModule takes, from a separate process's configuration. */
export function platformOptions(app: string, config: PlatformConfig): PlatformOptions {
  return {
    app,
    grpc: { host: config.grpcHost, port: config.grpcPort },
    health: { host: config.healthHost, port: config.healthPort },
    logLevel: config.logLevel,
    logFormat: config.logFormat,
    lameDuckMs: config.lameDuckMs,
    drainMs: config.drainMs,
  };
}
