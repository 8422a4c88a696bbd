import { Module } from '@nestjs/common';
import { EncodeVideoService } from './core/encode-video.service.js';
import { FrameBatcher } from './core/frame-batcher.js';
import { FrameSource } from './core/frame-source.js';
import { StageObserver } from './core/stage-observer.js';
import { StageMetrics } from './metrics.js';
import { ClipController } from './transport/clip.controller.js';
import { FramesExtractedConsumer } from './transport/frames-extracted.consumer.js';
import { FramesClient } from './transport/frames.client.js';

/** Frames → patch features. Needs ObjectStore, VisionModel, VisionSettings, FrameExtractorAddress and the platform. */
@Module({
  providers: [
    FrameBatcher,
    EncodeVideoService,
    { provide: FrameSource, useClass: FramesClient },
    { provide: StageObserver, useClass: StageMetrics },
    ClipController,
    FramesExtractedConsumer,
  ],
})
export class ClipEncoderModule {}
