import { Module } from '@nestjs/common';
import { ExtractFramesService } from './core/extract-frames.service.js';
import { FrameLibrary } from './core/frame-library.js';
import { InspectVideoService } from './core/inspect-video.service.js';
import { StageObserver } from './core/stage-observer.js';
import { StageMetrics } from './metrics.js';
import { FramesController } from './transport/frames.controller.js';
import { ProvenanceController } from './transport/provenance.controller.js';
import { VideoUploadedConsumer } from './transport/video-uploaded.consumer.js';

/** Video → frames, and whether it is a film of ours. Needs ObjectStore, VideoCodec, ImageCodec, ProvenanceReader, KnownMarks, FrameSettings and the platform. */
@Module({
  providers: [FrameLibrary, ExtractFramesService, { provide: StageObserver, useClass: StageMetrics }, FramesController, InspectVideoService, ProvenanceController, VideoUploadedConsumer],
})
export class FrameExtractorModule {}
