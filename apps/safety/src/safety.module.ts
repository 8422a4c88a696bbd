import { Module } from '@nestjs/common';
import { DecisionLog } from './core/decision-log.js';
import { FrameScorer } from './core/frame-scorer.js';
import { ScreenFramesService } from './core/screen-frames.service.js';
import { ScreenTextService } from './core/screen-text.service.js';
import { ScreenVideoService } from './core/screen-video.service.js';
import { ScreeningFrameSource } from './core/screening-frame-source.js';
import { TextScorer } from './core/text-scorer.js';
import { SafetyMetrics } from './metrics.js';
import { FactDecisionLog } from './transport/fact-decision-log.js';
import { FramesExtractedConsumer } from './transport/frames-extracted.consumer.js';
import { FramesClient } from './transport/frames.client.js';
import { Guardrail } from './transport/guardrail.js';
import { SafetyController } from './transport/safety.controller.js';

/**
 * Screening in both directions. Needs ObjectStore, TextEmbeddingModel, TextSafetyModel, ImageSafetyModel, SafetyTokenizer,
 * SafetySettings, FrameExtractorAddress and the platform.
 */
@Module({
  providers: [
    SafetyMetrics,
    { provide: DecisionLog, useClass: FactDecisionLog },
    { provide: ScreeningFrameSource, useClass: FramesClient },
    TextScorer,
    ScreenTextService,
    FrameScorer,
    ScreenFramesService,
    ScreenVideoService,
    Guardrail,
    SafetyController,
    FramesExtractedConsumer,
  ],
})
export class SafetyModule {}
