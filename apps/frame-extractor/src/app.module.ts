import { Global, Module } from '@nestjs/common';
import { readManifest } from '@gpt4video/adapters/bundle/load-bundle';
import { C2paReader } from '@gpt4video/adapters/c2pa/c2pa-reader';
import { trustedRoot, watermarkSecrets } from '@gpt4video/adapters/c2pa/film-identity';
import { FfmpegVideoCodec } from '@gpt4video/adapters/ffmpeg/ffmpeg-video-codec';
import { FilesystemObjectStore } from '@gpt4video/adapters/filesystem/filesystem-object-store';
import { InProcessEventBus } from '@gpt4video/adapters/in-process/in-process-event-bus';
import { KafkaEventBus } from '@gpt4video/adapters/kafka/kafka-event-bus';
import { S3ObjectStore } from '@gpt4video/adapters/s3/s3-object-store';
import { SharpImageCodec } from '@gpt4video/adapters/sharp/sharp-image-codec';
import { markKeyOf } from '@gpt4video/model/watermark/mark-key';
import { s3Location } from '@gpt4video/platform/object-store-config';
import { platformOptions } from '@gpt4video/platform/platform-config';
import { PlatformModule } from '@gpt4video/platform/platform.module';
import { Clock } from '@gpt4video/ports/clock';
import { BusWatch, EventBus } from '@gpt4video/ports/event-bus';
import { ImageCodec } from '@gpt4video/ports/image-codec';
import { ObjectStore } from '@gpt4video/ports/object-store';
import { ProvenanceReader } from '@gpt4video/ports/provenance';
import { VideoCodec } from '@gpt4video/ports/video-codec';
import { config } from './config.js';
import { FrameSettings, frameSettings } from './core/frame-settings.js';
import { KnownMarks } from './core/known-marks.js';
import { FrameExtractorModule } from './frame-extractor.module.js';

const { manifest, revision } = await readManifest(config.bundleFolder);
const LIMITS = { maxDurationMs: config.maxDurationMs, maxPixels: config.maxPixels, maxStreams: 16, maxFrames: 100_000, maxWorkMs: config.maxWorkMs };
const identity = { folder: config.provenanceFolder, certificates: config.provenanceCertificates, watermarkKeys: config.watermarkKeys };
// One line per adapter that a deployment can choose.
const OBJECT_STORES = { filesystem: () => FilesystemObjectStore.open(config.objectFolder), s3: () => new S3ObjectStore(s3Location(config)) };
const EVENT_BUSES = {
  'in-process': (clock: Clock, watch: BusWatch) => new InProcessEventBus({ clock, watch }),
  kafka: (clock: Clock, watch: BusWatch) => new KafkaEventBus({ app: 'frame-extractor', settings: config, clock, watch }),
};

@Global()
@Module({
  providers: [
    { provide: ObjectStore, useFactory: OBJECT_STORES[config.objectStore] },
    { provide: EventBus, inject: [Clock, BusWatch], useFactory: EVENT_BUSES[config.eventBus] },
    { provide: VideoCodec, useClass: FfmpegVideoCodec },
    { provide: ImageCodec, useClass: SharpImageCodec },
    { provide: ProvenanceReader, inject: [Clock], useFactory: async (clock: Clock) => await C2paReader.open(await trustedRoot(identity, new Date(clock.now()))) },
    { provide: KnownMarks, useFactory: async (): Promise<KnownMarks> => ({ keys: (await watermarkSecrets(identity)).map(markKeyOf) }) },
    { provide: FrameSettings, useValue: frameSettings(manifest, revision, LIMITS) },
  ],
  exports: [ObjectStore, EventBus, VideoCodec, ImageCodec, ProvenanceReader, KnownMarks, FrameSettings],
})
class Adapters {}

/** The frame extractor as a process of its own: its bill of materials. */
@Module({
  imports: [
    PlatformModule.forRoot(platformOptions('frame-extractor', config)),
    Adapters,
    FrameExtractorModule,
  ],
})
export class AppModule {}
