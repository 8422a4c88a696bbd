import { Module } from '@nestjs/common';
import { AbstractVideoService } from './core/abstract-video.service.js';
import { FeatureSource } from './core/feature-source.js';
import { StageObserver } from './core/stage-observer.js';
import { StageMetrics } from './metrics.js';
import { AbstractorController } from './transport/abstractor.controller.js';
import { ClipClient } from './transport/clip.client.js';
import { FeaturesEncodedConsumer } from './transport/features-encoded.consumer.js';

/** Patch features → visual tokens. Needs ObjectStore, AbstractorModel, AbstractorSettings, ClipEncoderAddress and the platform. */
@Module({
  providers: [
    AbstractVideoService,
    { provide: FeatureSource, useClass: ClipClient },
    { provide: StageObserver, useClass: StageMetrics },
    AbstractorController,
    FeaturesEncodedConsumer,
  ],
})
export class AbstractorModule {}
