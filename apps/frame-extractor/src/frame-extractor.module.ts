import { Module } from '@nestjs/common';
import { ExtractFramesService } from './core/extract-frames.service.js';
import { FrameLibrary } from './core/frame-library.js';
import { StageObserver } from './core/stage-observer.js';
import { StageMetrics } from './metrics.js';
import { FramesController } from './transport/frames.controller.js';
import { VideoUploadedConsumer } from './transport/video-uploaded.consumer.js';

/** Video → frames. Needs ObjectStore, VideoCodec, ImageCodec, FrameSettings and the platform. */
@Module({
  providers: [FrameLibrary, ExtractFramesService, { provide: StageObserver, useClass: StageMetrics }, FramesController, VideoUploadedConsumer],
})
export class FrameExtractorModule {}
