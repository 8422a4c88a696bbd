import { homedir } from 'node:os';
import { Global, Module } from '@nestjs/common';
import { loadBundle } from '@gpt4video/adapters/bundle/load-bundle';
import { modelCacheFolder } from '@gpt4video/adapters/bundle/model-cache';
import { FilesystemObjectStore } from '@gpt4video/adapters/filesystem/filesystem-object-store';
import { InProcessEventBus } from '@gpt4video/adapters/in-process/in-process-event-bus';
import { KafkaEventBus } from '@gpt4video/adapters/kafka/kafka-event-bus';
import { OnnxModelSession, type OnnxSessionOptions } from '@gpt4video/adapters/onnx/onnx-model-session';
import { S3ObjectStore } from '@gpt4video/adapters/s3/s3-object-store';
import { HfTokenizer } from '@gpt4video/adapters/tokenizer/hf-tokenizer';
import { Health } from '@gpt4video/platform/health';
import { s3Location } from '@gpt4video/platform/object-store-config';
import { platformOptions } from '@gpt4video/platform/platform-config';
import { PlatformModule } from '@gpt4video/platform/platform.module';
import { Clock } from '@gpt4video/ports/clock';
import { BusWatch, EventBus } from '@gpt4video/ports/event-bus';
import { ObjectStore } from '@gpt4video/ports/object-store';
import { config } from './config.js';
import { ImageSafetyModel, SafetyTokenizer, TextEmbeddingModel, TextSafetyModel } from './core/safety-models.js';
import { SafetySettings, safetySettings } from './core/safety-settings.js';
import { SafetyModule } from './safety.module.js';
import { FrameExtractorAddress } from './transport/frames.client.js';

const bundle = await loadBundle({ folder: config.bundleFolder, cache: modelCacheFolder({ GPT4VIDEO_MODEL_CACHE: config.modelCache, HOME: homedir() }) });
const { textSafety } = bundle.manifest;
const open = (path: string, expose?: OnnxSessionOptions['expose']) => OnnxModelSession.open({ path, threads: config.threads, providers: config.executionProviders, expose });
// One line per adapter that a deployment can choose.
const OBJECT_STORES = { filesystem: () => FilesystemObjectStore.open(config.objectFolder), s3: () => new S3ObjectStore(s3Location(config)) };
const EVENT_BUSES = {
  'in-process': (clock: Clock, watch: BusWatch) => new InProcessEventBus({ clock, watch }),
  kafka: (clock: Clock, watch: BusWatch) => new KafkaEventBus({ app: 'safety', settings: config, clock, watch }),
};

@Global()
@Module({
  providers: [
    { provide: ObjectStore, useFactory: OBJECT_STORES[config.objectStore] },
    { provide: EventBus, inject: [Clock, BusWatch], useFactory: EVENT_BUSES[config.eventBus] },
    { provide: TextEmbeddingModel, useFactory: () => open(bundle.pathOf(bundle.manifest.textEmbedding.file), textSafety.states && [textSafety.states]) },
    { provide: TextSafetyModel, useFactory: () => open(bundle.pathOf(textSafety.file)) },
    { provide: ImageSafetyModel, useFactory: () => open(bundle.imageSafety) },
    { provide: SafetyTokenizer, useFactory: () => HfTokenizer.load(bundle.pathOf(bundle.manifest.textEmbedding.tokenizer)) },
    { provide: SafetySettings, useValue: safetySettings(bundle.manifest) },
    { provide: FrameExtractorAddress, useValue: { address: config.frameExtractorAddress } },
  ],
  exports: [ObjectStore, EventBus, TextEmbeddingModel, TextSafetyModel, ImageSafetyModel, SafetyTokenizer, SafetySettings, FrameExtractorAddress],
})
class Adapters {
  // Injected models are loaded and warm.
  constructor(
    health: Health,
    textEmbedding: TextEmbeddingModel,
    textSafety: TextSafetyModel,
    imageSafety: ImageSafetyModel,
  ) {
    health.addModel({ name: 'textEmbedding', revision: bundle.revision, inputs: textEmbedding.inputs, outputs: textEmbedding.outputs, execution: textEmbedding.execution })();
    health.addModel({ name: 'textSafety', revision: bundle.revision, inputs: textSafety.inputs, outputs: textSafety.outputs, execution: textSafety.execution })();
    health.addModel({ name: 'imageSafety', revision: bundle.revision, inputs: imageSafety.inputs, outputs: imageSafety.outputs, execution: imageSafety.execution })();
  }
}

/** The safety service as a process of its own: its bill of materials. */
@Module({
  imports: [
    PlatformModule.forRoot(platformOptions('safety', config)),
    Adapters,
    SafetyModule,
  ],
})
export class AppModule {}
