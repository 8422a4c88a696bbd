import { homedir } from 'node:os';
import { Global, Module } from '@nestjs/common';
import { loadBundle } from '@gpt4video/adapters/bundle/load-bundle';
import { modelCacheFolder } from '@gpt4video/adapters/bundle/model-cache';
import { FilesystemObjectStore } from '@gpt4video/adapters/filesystem/filesystem-object-store';
import { InProcessEventBus } from '@gpt4video/adapters/in-process/in-process-event-bus';
import { KafkaEventBus } from '@gpt4video/adapters/kafka/kafka-event-bus';
import { OnnxModelSession } from '@gpt4video/adapters/onnx/onnx-model-session';
import { S3ObjectStore } from '@gpt4video/adapters/s3/s3-object-store';
import { Health } from '@gpt4video/platform/health';
import { s3Location } from '@gpt4video/platform/object-store-config';
import { platformOptions } from '@gpt4video/platform/platform-config';
import { PlatformModule } from '@gpt4video/platform/platform.module';
import { Clock } from '@gpt4video/ports/clock';
import { BusWatch, EventBus } from '@gpt4video/ports/event-bus';
import { ObjectStore } from '@gpt4video/ports/object-store';
import { ClipEncoderModule } from './clip-encoder.module.js';
import { config } from './config.js';
import { VisionModel } from './core/vision-model.js';
import { VisionSettings, visionSettings } from './core/vision-settings.js';
import { FrameExtractorAddress } from './transport/frames.client.js';

const bundle = await loadBundle({ folder: config.bundleFolder, cache: modelCacheFolder({ GPT4VIDEO_MODEL_CACHE: config.modelCache, HOME: homedir() }) });
// One line per adapter that a deployment can choose.
const OBJECT_STORES = { filesystem: () => FilesystemObjectStore.open(config.objectFolder), s3: () => new S3ObjectStore(s3Location(config)) };
const EVENT_BUSES = {
  'in-process': (clock: Clock, watch: BusWatch) => new InProcessEventBus({ clock, watch }),
  kafka: (clock: Clock, watch: BusWatch) => new KafkaEventBus({ app: 'clip-encoder', settings: config, clock, watch }),
};

@Global()
@Module({
  providers: [
    { provide: ObjectStore, useFactory: OBJECT_STORES[config.objectStore] },
    { provide: EventBus, inject: [Clock, BusWatch], useFactory: EVENT_BUSES[config.eventBus] },
    { provide: VisionModel, useFactory: () => OnnxModelSession.open({ path: bundle.pathOf(bundle.manifest.vision.file), threads: config.threads, providers: config.executionProviders }) },
    { provide: VisionSettings, useValue: visionSettings(bundle.manifest, bundle.revision, config.maxBatchFrames) },
    { provide: FrameExtractorAddress, useValue: { address: config.frameExtractorAddress } },
  ],
  exports: [ObjectStore, EventBus, VisionModel, VisionSettings, FrameExtractorAddress],
})
class Adapters {
  // Injected models are loaded and warm.
  constructor(
    health: Health,
    vision: VisionModel,
  ) {
    health.addModel({ name: 'vision', revision: bundle.revision, inputs: vision.inputs, outputs: vision.outputs, execution: vision.execution })();
  }
}

/** The CLIP encoder as a process of its own: its bill of materials. */
@Module({
  imports: [
    PlatformModule.forRoot(platformOptions('clip-encoder', config)),
    Adapters,
    ClipEncoderModule,
  ],
})
export class AppModule {}
