import { Module } from '@nestjs/common';
import { FilmAttemptService } from './core/film-attempt.service.js';
import { FilmLibrary } from './core/film-library.js';
import { FilmMaster } from './core/film-master.js';
import { FilmObserver } from './core/film-observer.js';
import { FilmScreen } from './core/film-screen.js';
import { FilmWorker } from './core/film-worker.js';
import { GenerationQueue } from './core/generation-queue.js';
import { MakeFilmService } from './core/make-film.service.js';
import { FilmMetrics } from './metrics.js';
import { GenerationQueuedConsumer } from './transport/generation-queued.consumer.js';
import { QueueClient } from './transport/queue.client.js';
import { SafetyClient } from './transport/safety.client.js';
import { TracedFilmAttempt } from './transport/traced-film-attempt.js';
import { WorkerLifecycle } from './transport/worker-lifecycle.js';

/**
 * Caption → film. Needs FilmModel, VideoCodec, ImageCodec, ObjectStore, ProvenanceSigner, FilmMark, FilmWorkerSettings, GenerationQueueAddress,
 * SafetyAddress and the platform.
 */
@Module({
  providers: [
    MakeFilmService,
    FilmMaster,
    FilmLibrary,
    { provide: FilmAttemptService, useClass: TracedFilmAttempt },
    FilmWorker,
    { provide: GenerationQueue, useClass: QueueClient },
    { provide: FilmScreen, useClass: SafetyClient },
    { provide: FilmObserver, useClass: FilmMetrics },
    GenerationQueuedConsumer,
    WorkerLifecycle,
  ],
})
export class VideoGeneratorModule {}
