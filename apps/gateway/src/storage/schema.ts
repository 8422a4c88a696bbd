import type { ColumnType, Generated } from 'kysely';
import type { FileVerdict, FrameSummary, IngestStage, StageDetail } from '../core/files/file.js';
import type { GenerationError, GenerationEvent, GenerationResult, GenerationStatus } from '../core/generations/generation.js';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import type { TenantSafety } from '../core/tenants/tenant.js';
import type { PartialUpload } from '../core/uploads/upload.js';
import type { FilmSpec } from '@gpt4video/ports/film-model';

/** jsonb: read as a value, written as JSON text. */
type Json<T> = ColumnType<T, string, string>;

interface TenantTable {
  id: string;
  name: string;
  requests_per_minute: ColumnType<number | null, number | null | undefined, number | null>;
  tokens_per_minute: ColumnType<number | null, number | null | undefined, number | null>;
  concurrency: ColumnType<number | null, number | null | undefined, number | null>;
  safety: ColumnType<TenantSafety | null, string | null | undefined, string | null>;
  created_at: Generated<Date>;
}

interface ApiKeyTable {
  sha256: string;
  tenant_id: string;
  name: string;
  created_at: Generated<Date>;
  revoked_at: Date | null;
}

interface FileTable {
  id: string;
  tenant_id: string;
  filename: string;
  purpose: string;
  asset: Json<AssetRef>;
  sha256: string;
  status: string;
  status_details: Json<Record<IngestStage, StageDetail>>;
  frames: Json<FrameSummary>;
  verdict: ColumnType<FileVerdict | null, string | null, string | null>;
  created_at: Date;
  expires_at: Date | null;
}

interface GenerationTable {
  id: string;
  tenant_id: string;
  model: string;
  status: GenerationStatus;
  progress: number;
  priority: number;
  film: Json<FilmSpec>;
  traceparent: string;
  remixed_from: ColumnType<string | null, string | null | undefined, string | null>;
  attempt: number;
  lease_token: string | null;
  lease_expires_at: Date | null;
  worker: string | null;
  not_before: Generated<Date>;
  /** By the database's clock, unlike `created_at`, which people see. */
  enqueued_at: Generated<Date>;
  event_sequence: Generated<number>;
  result: ColumnType<GenerationResult | null, string | null, string | null>;
  error: ColumnType<GenerationError | null, string | null, string | null>;
  created_at: Date;
  started_at: Date | null;
  ended_at: Date | null;
}

interface GenerationEventTable {
  generation_id: string;
  sequence: number;
  type: GenerationEvent['type'];
  progress: number;
  created_at: Generated<Date>;
}

interface OutboxTable {
  sequence: Generated<string>;
  id: string;
  topic: string;
  key: string;
  traceparent: string | null;
  data: Buffer;
  created_at: Generated<Date>;
  claimed_until: Generated<Date>;
  attempts: Generated<number>;
  published_at: Date | null;
  /** Set when no attempt can publish it. */
  quarantined_at: ColumnType<Date | null, null | undefined, Date | null>;
  reason: ColumnType<string | null, null | undefined, string | null>;
}

interface InboxTable {
  consumer: string;
  event_id: string;
  processed_at: Generated<Date>;
}

interface IdempotencyTable {
  tenant_id: string;
  key: string;
  fingerprint: string;
  /** Null while the first request is in flight. */
  status: number | null;
  body: ColumnType<unknown, string | null, string | null>;
  locked_until: Date;
  expires_at: Date;
}

interface UploadTable {
  id: string;
  tenant_id: string;
  filename: string;
  purpose: string;
  media_type: string;
  bytes: ColumnType<string, number, number>;
  expires_after_seconds: number | null;
  status: PartialUpload['status'];
  file_id: string | null;
  locked_until: Generated<Date>;
  created_at: Date;
  expires_at: Date;
}

interface UploadPartTable {
  id: string;
  upload_id: string;
  asset: Json<AssetRef>;
  created_at: Date;
}

interface WebhookTable {
  id: string;
  tenant_id: string;
  url: string;
  events: string[];
  secret: string;
  status: 'enabled' | 'disabled';
  created_at: Generated<Date>;
}

interface WebhookDeliveryTable {
  id: Generated<string>;
  webhook_id: string;
  event_id: string;
  type: string;
  body: Json<object>;
  attempts: Generated<number>;
  next_at: Generated<Date>;
  status: Generated<'waiting' | 'delivered' | 'given_up'>;
  last_answer: string | null;
  /** Set when a receiver took it. */
  delivered_at: ColumnType<Date | null, null | undefined, Date | null>;
  created_at: Generated<Date>;
}

/** The gateway's tables. */
export interface Schema {
  tenants: TenantTable;
  api_keys: ApiKeyTable;
  files: FileTable;
  generations: GenerationTable;
  generation_events: GenerationEventTable;
  outbox: OutboxTable;
  inbox: InboxTable;
  idempotency_keys: IdempotencyTable;
  uploads: UploadTable;
  upload_parts: UploadPartTable;
  webhooks: WebhookTable;
  webhook_deliveries: WebhookDeliveryTable;
}

