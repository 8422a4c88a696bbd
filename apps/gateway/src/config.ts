import { FACT_BUS_FIELDS } from '@gpt4video/platform/fact-bus-config';
import { OBJECT_STORE_FIELDS, requireS3Keys } from '@gpt4video/platform/object-store-config';
import { peerAddress, PLATFORM_FIELDS } from '@gpt4video/platform/platform-config';
import { z } from 'zod';

const bytes = (text: string, fallback: number) => z.coerce.number().int().positive().default(fallback).describe(text);
const count = (text: string, fallback: number) => z.coerce.number().int().positive().default(fallback).describe(text);
const list = (text: string) => z.string().default('').transform((names) => names.split(',').map((name) => name.trim()).filter((name) => name !== '')).describe(`${text}; separated by commas`);

const DAY_MS = 24 * 60 * 60 * 1_000;

/** What the public API can be told, with or without a process of its own. */
export const GATEWAY_FIELDS = {
  maxUploadBytes: bytes('most bytes of an uploaded file', 512 * 1024 * 1024),
  maxBodyBytes: bytes('most bytes of a JSON body, inline videos included', 64 * 1024 * 1024),
  chatConcurrency: count('chat turns answered at once', 16),
  chatQueue: z.coerce.number().int().min(0).default(32).describe('chat turns that may wait; more are refused with 503'),
  tenantConcurrency: count('chat turns of one tenant at once; more are refused with 429', 8),
  tenantRequestsPerMinute: count('requests of one tenant in a minute and replica, where the tenant has no number of its own; more are refused with 429', 600),
  tenantTokensPerMinute: count('tokens of one tenant\'s chat turns in a minute and replica, where the tenant has no number of its own; more are refused with 429', 500_000),
  leaseMs: count('milliseconds that a film worker may be silent', 15_000),
  maxAttempts: count('attempts after which a film fails', 3),
  headersMs: count('milliseconds within which the headers of a request must have come', 15_000),
  generationRetentionMs: count('milliseconds that a video job and its film are kept after it ended', 30 * DAY_MS),
  deliveryRetentionMs: count('milliseconds that published facts, notes of handled ones and ended webhook deliveries are kept', 7 * DAY_MS),
  orphanAgeMs: count('milliseconds after which an object without a row is removed; longer than an upload, a film and an idempotency key last', 2 * DAY_MS),
  ssePingMs: count('milliseconds between pings on an event stream', 10_000),
  sseOpenMs: count('milliseconds that a streamed answer may take to begin before its stream is opened; what fails sooner is told by the status', 1_000),
  sseStallMs: count('milliseconds that a reader of an event stream may take nothing before it is cut off', 60_000),
  mediaHosts: list('host names that https media are read from, *.example.com for a domain; any when empty'),
  privateHosts: list('host:port that media and webhooks may reach although they are private or without TLS'),
  pageDirectory: z.string().optional().describe('folder of the built chat page; no page when absent'),
  /** Set by a server that only its own machine can reach. */
  sessionKey: z.string().min(16).optional().describe('API key that GET /v1/session hands to the page, on loopback only; absent on shared servers').meta({ sensitive: true }),
  adminKey: z.string().min(16).optional().describe('key that opens /v1/admin and the operators’ view; they are closed when absent').meta({ sensitive: true }),
};

/** The gateway as a process of its own. */
export const gatewaySchema = z.object({
  ...PLATFORM_FIELDS,
  ...GATEWAY_FIELDS,
  httpHost: z.string().min(1).default('0.0.0.0').describe('address on which the API listens'),
  httpPort: z.coerce.number().int().min(0).max(65_535).default(8080).describe('port on which the API listens; 0 takes a free one'),
  databaseUrl: z.url().describe('postgres://user:password@host:port/database').meta({ sensitive: true }),
  databaseConnections: count('most connections to the database', 10),
  databaseWaitMs: count('milliseconds that a request waits for a connection before it is refused with 503', 5_000),
  databaseStatementMs: count('milliseconds after which a statement is ended', 30_000),
  ...OBJECT_STORE_FIELDS,
  ...FACT_BUS_FIELDS,
  bundleFolder: z.string().min(1).default('models/cartoon').describe('folder of the bundle'),
  bootstrapKey: z.string().min(16).optional().describe('API key that is let in at the start, for the first tenant').meta({ sensitive: true }),
  frameExtractorAddress: peerAddress('frame-extractor service', 'frame-extractor:50051'),
  dialogueAddress: peerAddress('dialogue service', 'dialogue:50051'),
  safetyAddress: peerAddress('safety service', 'safety:50051'),
}).superRefine(requireS3Keys);

/** What the migrations need of it. */
export const migrationSchema = z.object({ databaseUrl: gatewaySchema.shape.databaseUrl, logLevel: PLATFORM_FIELDS.logLevel, logFormat: PLATFORM_FIELDS.logFormat });

const gatewayFields = z.object(GATEWAY_FIELDS);

/** The configuration of a gateway process. */
export type GatewayProcessConfig = z.output<typeof gatewaySchema>;

/** What the public API is told; a DI token. */
export abstract class GatewayConfig implements z.output<typeof gatewayFields> {
  abstract readonly maxUploadBytes: number;
  abstract readonly maxBodyBytes: number;
  abstract readonly chatConcurrency: number;
  abstract readonly chatQueue: number;
  abstract readonly tenantConcurrency: number;
  abstract readonly tenantRequestsPerMinute: number;
  abstract readonly tenantTokensPerMinute: number;
  abstract readonly leaseMs: number;
  abstract readonly maxAttempts: number;
  abstract readonly headersMs: number;
  abstract readonly generationRetentionMs: number;
  abstract readonly deliveryRetentionMs: number;
  abstract readonly orphanAgeMs: number;
  abstract readonly ssePingMs: number;
  abstract readonly sseOpenMs: number;
  abstract readonly sseStallMs: number;
  abstract readonly mediaHosts: string[];
  abstract readonly privateHosts: string[];
  abstract readonly pageDirectory?: string | undefined;
  abstract readonly sessionKey?: string | undefined;
  abstract readonly adminKey?: string | undefined;
}

/** The defaults with some values replaced, for a process that is configured otherwise. */
export function gatewayConfig(values: Partial<GatewayConfig> = {}): GatewayConfig {
  return Object.freeze({ ...gatewayFields.parse({}), ...values });
}
