import { Module } from '@nestjs/common';
import { APP_FILTER, DiscoveryModule } from '@nestjs/core';
import { GatewayConfig } from './config.js';
import { AnswerRelease } from './core/chat/answer-release.js';
import { ChatService } from './core/chat/chat.service.js';
import { Dialogue } from './core/chat/dialogue.js';
import { FilmWatcher } from './core/chat/film-watcher.js';
import { InputScreening } from './core/chat/input-screening.js';
import { MediaService } from './core/chat/media.service.js';
import { TurnJournal } from './core/chat/turn-journal.js';
import { FileService } from './core/files/file.service.js';
import { FrameExtraction } from './core/files/frame-extraction.js';
import { UploadLimits } from './core/files/upload-limits.js';
import { GenerationService } from './core/generations/generation.service.js';
import { ProvenanceService } from './core/provenance/provenance.service.js';
import { VideoInspector } from './core/provenance/video-inspector.js';
import { OperatorKey, OperatorKeySetting } from './core/operations/operator-key.js';
import { Screener } from './core/screening/screener.js';
import { KeyService } from './core/tenants/key.service.js';
import { StorageModule } from './storage/storage.module.js';
import { FeaturesEncodedConsumer, FramesExtractedConsumer, VideoRejectedConsumer, VideoScreenedConsumer, VideoUnderstoodConsumer } from './transport/facts/ingest.consumers.js';
import { DialogueClient } from './transport/grpc/dialogue.client.js';
import { FramesClient } from './transport/grpc/frames.client.js';
import { GenerationQueueController } from './transport/grpc/generation-queue.controller.js';
import { ProvenanceClient } from './transport/grpc/provenance.client.js';
import { SafetyClient } from './transport/grpc/safety.client.js';
import { OutboundPolicy } from './transport/outbound/outbound-policy.js';
import { GuardedFetch } from './transport/outbound/guarded-fetch.js';
import { NameResolver, SocketConnector } from './transport/outbound/pinned-connector.js';
import { SystemConnector, SystemResolver } from './transport/outbound/system-network.js';
import { AnswerFrames } from './transport/http/answer-frames.js';
import { ModerationsController } from './transport/http/moderations.controller.js';
import { RequestOnce } from './transport/http/request-once.js';
import { ModerationService } from './core/moderation/moderation.service.js';
import { RemoteFetch } from './core/remote/remote-fetch.js';
import { RemoteMedia } from './core/remote/remote-media.js';
import { UploadService } from './core/uploads/upload.service.js';
import { UploadsController } from './transport/http/uploads.controller.js';
import { UploadSweeper } from './transport/upload-sweeper.js';
import { SafetyStage, TenantScreener } from './core/screening/tenant-screener.js';
import { TenantDirectory } from './core/tenants/tenant-directory.js';
import { WebhookService } from './core/webhooks/webhook.service.js';
import { GenerationFinishedConsumer } from './transport/facts/webhook.consumer.js';
import { RateLimit } from './transport/http/rate-limit.js';
import { TokenLimit } from './transport/http/token-limit.js';
import { WebhooksController } from './transport/http/webhooks.controller.js';
import { WebhookDeliverer } from './transport/webhook-deliverer.js';
import { AdminController } from './transport/http/admin.controller.js';
import { Admission } from './transport/http/admission.js';
import { ChatController } from './transport/http/chat.controller.js';
import { ChatTurns } from './transport/http/chat-turns.js';
import { ChatStream } from './transport/http/chat-stream.js';
import { ErrorFilter } from './transport/http/error.filter.js';
import { FilesController } from './transport/http/files.controller.js';
import { HealthController } from './transport/http/health.controller.js';
import { IdempotencyInterceptor } from './transport/http/idempotency.interceptor.js';
import { ModelsController } from './transport/http/models.controller.js';
import { ObjectSender } from './transport/http/object-sender.js';
import { OpenApiController } from './transport/http/openapi/openapi.controller.js';
import { OpenApiDocument } from './transport/http/openapi/openapi-document.js';
import { PageController } from './transport/http/page.controller.js';
import { ProvenanceController } from './transport/http/provenance.controller.js';
import { RequestEdge } from './transport/http/request-edge.js';
import { RouteTable } from './transport/http/route-table.js';
import { SessionController } from './transport/http/session.controller.js';
import { VideoEventsController } from './transport/http/video-events.controller.js';
import { VideosController } from './transport/http/videos.controller.js';
import { FormOnce } from './transport/http/form-once.js';
import { TurnMetrics } from './transport/turn-metrics.js';

const CORE = [TenantDirectory, WebhookService, WebhookDeliverer, UploadService, UploadSweeper, ModerationService, RemoteMedia, KeyService, FileService, GenerationService, ChatService, MediaService, InputScreening, AnswerRelease, FilmWatcher, ProvenanceService];
const STAGES = [
  { provide: FrameExtraction, useClass: FramesClient },
  { provide: SafetyStage, useClass: SafetyClient },
  { provide: Screener, useClass: TenantScreener },
  { provide: Dialogue, useClass: DialogueClient },
  { provide: VideoInspector, useClass: ProvenanceClient },
];
const CONSUMERS = [GenerationFinishedConsumer, FramesExtractedConsumer, FeaturesEncodedConsumer, VideoUnderstoodConsumer, VideoScreenedConsumer, VideoRejectedConsumer];
const OUTBOUND = [
  { provide: OutboundPolicy, inject: [GatewayConfig], useFactory: ({ mediaHosts, privateHosts }: GatewayConfig) => new OutboundPolicy({ mediaHosts, privateHosts }) },
  { provide: NameResolver, useClass: SystemResolver },
  { provide: SocketConnector, useClass: SystemConnector },
  { provide: RemoteFetch, useClass: GuardedFetch },
];
const HTTP = [OpenApiDocument, RateLimit, TokenLimit, AnswerFrames, RequestOnce, Admission, RequestEdge, RouteTable, ObjectSender, ChatStream, ChatTurns, IdempotencyInterceptor, FormOnce, { provide: APP_FILTER, useClass: ErrorFilter }];

/**
 * The public API and the generation queue. Needs ObjectStore, EventBus, GatewayDatabase, GatewayConfig, ModelCatalog,
 * StageAddresses and the platform, from global providers.
 */
@Module({
  imports: [StorageModule, DiscoveryModule],
  controllers: [AdminController, WebhooksController, UploadsController, ChatController, ModerationsController, FilesController, VideosController, VideoEventsController, ModelsController, ProvenanceController, HealthController, SessionController, OpenApiController, PageController],
  providers: [
    ...CORE,
    ...STAGES,
    ...CONSUMERS,
    ...OUTBOUND,
    ...HTTP,
    GenerationQueueController,
    OperatorKey,
    { provide: OperatorKeySetting, useExisting: GatewayConfig },
    { provide: TurnJournal, useClass: TurnMetrics },
    { provide: UploadLimits, inject: [GatewayConfig], useFactory: ({ maxUploadBytes }: GatewayConfig): UploadLimits => ({ maxBytes: maxUploadBytes }) },
  ],
  exports: [KeyService],
})
export class GatewayModule {}
