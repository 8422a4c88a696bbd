import { Module } from '@nestjs/common';
import { FileRepository } from '../core/files/file-repository.js';
import { GenerationQueue } from '../core/generations/generation-queue.js';
import { GenerationRepository } from '../core/generations/generation-repository.js';
import { GenerationOwners } from '../core/webhooks/generation-owners.js';
import { WebhookRepository } from '../core/webhooks/webhook-repository.js';
import { PgGenerationOwners } from './pg-generation-owners.js';
import { PgWebhookRepository } from './pg-webhook.repository.js';
import { TenantRepository } from '../core/tenants/tenant-repository.js';
import { PgOperationsBoard } from './pg-operations-board.js';
import { PgTenantRepository } from './pg-tenant.repository.js';
import { UploadRepository } from '../core/uploads/upload-repository.js';
import { PgUploadRepository } from './pg-upload.repository.js';
import { IdempotencyKeys } from '../core/tenants/idempotency-keys.js';
import { KeyRepository } from '../core/tenants/key-repository.js';
import { GatewayConfig } from '../config.js';
import { ProtobufFactEncoder } from '../transport/facts/fact-encoder.js';
import { OperationsBoard } from '../core/operations/operations-board.js';
import { OrphanCollector } from './orphan-collector.js';
import { OutboxRelay } from './outbox-relay.js';
import { OutboxRows } from './outbox-rows.js';
import { FactEncoder, OutboxWriter } from './outbox-writer.js';
import { PgFileRepository } from './pg-file.repository.js';
import { PgGenerationQueue } from './pg-generation-queue.js';
import { PgGenerationRepository } from './pg-generation.repository.js';
import { PgIdempotencyKeys } from './pg-idempotency-keys.js';
import { PgKeyRepository } from './pg-key.repository.js';
import { QueuePolicy } from './queue-policy.js';
import { RetentionPolicy } from './retention-policy.js';
import { RetentionRows } from './retention-rows.js';
import { RetentionSweeper } from './retention-sweeper.js';
import { Retention, StorageParts, StorageRunner } from './storage-runner.js';

/** Everything that is kept in Postgres. Needs GatewayDatabase, GatewayConfig, EventBus and the platform. */
@Module({
  providers: [
    { provide: FactEncoder, useClass: ProtobufFactEncoder },
    { provide: QueuePolicy, useExisting: GatewayConfig },
    { provide: RetentionPolicy, useExisting: GatewayConfig },
    { provide: KeyRepository, useClass: PgKeyRepository },
    { provide: IdempotencyKeys, useClass: PgIdempotencyKeys },
    { provide: FileRepository, useClass: PgFileRepository },
    { provide: GenerationRepository, useClass: PgGenerationRepository },
    { provide: GenerationQueue, useClass: PgGenerationQueue },
    { provide: WebhookRepository, useClass: PgWebhookRepository },
    { provide: GenerationOwners, useClass: PgGenerationOwners },
    { provide: TenantRepository, useClass: PgTenantRepository },
    { provide: OperationsBoard, useClass: PgOperationsBoard },
    { provide: UploadRepository, useClass: PgUploadRepository },
    OutboxWriter,
    OutboxRows,
    OutboxRelay,
    RetentionRows,
    RetentionSweeper,
    OrphanCollector,
    Retention,
    StorageParts,
    StorageRunner,
  ],
  exports: [KeyRepository, IdempotencyKeys, FileRepository, GenerationRepository, GenerationQueue, UploadRepository, TenantRepository, WebhookRepository, GenerationOwners, OperationsBoard],
})
export class StorageModule {}
