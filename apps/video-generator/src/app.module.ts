import { homedir } from 'node:os';
import { Global, Module } from '@nestjs/common';
import { loadBundle } from '@gpt4video/adapters/bundle/load-bundle';
import { modelCacheFolder } from '@gpt4video/adapters/bundle/model-cache';
import { C2paSigner } from '@gpt4video/adapters/c2pa/c2pa-signer';
import { signerIdentity, watermarkSecrets } from '@gpt4video/adapters/c2pa/film-identity';
import { FfmpegVideoCodec } from '@gpt4video/adapters/ffmpeg/ffmpeg-video-codec';
import { FilesystemObjectStore } from '@gpt4video/adapters/filesystem/filesystem-object-store';
import { InProcessEventBus } from '@gpt4video/adapters/in-process/in-process-event-bus';
import { KafkaEventBus } from '@gpt4video/adapters/kafka/kafka-event-bus';
import { OnnxFilmModel } from '@gpt4video/adapters/onnx/onnx-film-model';
import { S3ObjectStore } from '@gpt4video/adapters/s3/s3-object-store';
import { SharpImageCodec } from '@gpt4video/adapters/sharp/sharp-image-codec';
import { HfTokenizer } from '@gpt4video/adapters/tokenizer/hf-tokenizer';
import { Health } from '@gpt4video/platform/health';
import { s3Location } from '@gpt4video/platform/object-store-config';
import { markKeyOf } from '@gpt4video/model/watermark/mark-key';
import { platformOptions } from '@gpt4video/platform/platform-config';
import { PlatformModule } from '@gpt4video/platform/platform.module';
import { Clock } from '@gpt4video/ports/clock';
import { BusWatch, EventBus } from '@gpt4video/ports/event-bus';
import { FilmModel } from '@gpt4video/ports/film-model';
import { ImageCodec } from '@gpt4video/ports/image-codec';
import { ObjectStore } from '@gpt4video/ports/object-store';
import { ProvenanceSigner } from '@gpt4video/ports/provenance';
import { VideoCodec } from '@gpt4video/ports/video-codec';
import { config } from './config.js';
import { FilmMark } from './core/film-mark.js';
import { FilmWorkerSettings } from './core/film-worker-settings.js';
import { GenerationQueueAddress } from './transport/queue.client.js';
import { SafetyAddress } from './transport/safety.client.js';
import { VideoGeneratorModule } from './video-generator.module.js';

const bundle = await loadBundle({ folder: config.bundleFolder, cache: modelCacheFolder({ GPT4VIDEO_MODEL_CACHE: config.modelCache, HOME: homedir() }) });
const { manifest, revision: bundleRevision, pathOf } = bundle;

async function openFilmModel(): Promise<FilmModel> {
  const [textEncoder, denoiser, decoder] = [pathOf(manifest.textEncoder.file), pathOf(manifest.film.denoiser), pathOf(manifest.film.decoder)];
  const tokenizer = await HfTokenizer.load(pathOf(manifest.textEncoder.tokenizer));
  return await OnnxFilmModel.open({ textEncoder, denoiser, decoder, tokenizer, manifest, threads: config.threads, providers: config.executionProviders });
}

const identity = { folder: config.provenanceFolder, certificates: config.provenanceCertificates, privateKey: config.provenanceKey, watermarkKeys: config.watermarkKeys };
const openSigner = async (clock: Clock): Promise<ProvenanceSigner> => await C2paSigner.open(await signerIdentity(identity, new Date(clock.now())));

async function openMark(): Promise<FilmMark> {
  const [marking = new Uint8Array()] = await watermarkSecrets(identity);
  return markKeyOf(marking);
}

// One line per adapter that a deployment can choose.
const OBJECT_STORES = { filesystem: () => FilesystemObjectStore.open(config.objectFolder), s3: () => new S3ObjectStore(s3Location(config)) };
const EVENT_BUSES = {
  'in-process': (clock: Clock, watch: BusWatch) => new InProcessEventBus({ clock, watch }),
  kafka: (clock: Clock, watch: BusWatch) => new KafkaEventBus({ app: 'video-generator', settings: config, clock, watch }),
};

@Global()
@Module({
  providers: [
    { provide: ObjectStore, useFactory: OBJECT_STORES[config.objectStore] },
    { provide: EventBus, inject: [Clock, BusWatch], useFactory: EVENT_BUSES[config.eventBus] },
    { provide: VideoCodec, useClass: FfmpegVideoCodec },
    { provide: ImageCodec, useClass: SharpImageCodec },
    { provide: FilmModel, useFactory: openFilmModel },
    { provide: ProvenanceSigner, inject: [Clock], useFactory: openSigner },
    { provide: FilmMark, useFactory: openMark },
    { provide: FilmWorkerSettings, useValue: { worker: config.worker, bundleRevision, heartbeatMs: config.heartbeatMs, pollMs: config.pollMs, releaseMs: config.releaseMs } },
    { provide: GenerationQueueAddress, useValue: { address: config.generationQueueAddress } },
    { provide: SafetyAddress, useValue: { address: config.safetyAddress } },
  ],
  exports: [ObjectStore, EventBus, VideoCodec, ImageCodec, FilmModel, ProvenanceSigner, FilmMark, FilmWorkerSettings, GenerationQueueAddress, SafetyAddress],
})
class Adapters {
  // Injected models are loaded and warm.
  constructor(
    health: Health,
    { execution }: FilmModel,
  ) {
    health.addModel({ name: 'film', revision: bundleRevision, inputs: [], outputs: [], execution })();
  }
}

/** The film worker as a process of its own: its bill of materials. */
@Module({
  imports: [
    PlatformModule.forRoot(platformOptions('video-generator', config)),
    Adapters,
    VideoGeneratorModule,
  ],
})
export class AppModule {}
