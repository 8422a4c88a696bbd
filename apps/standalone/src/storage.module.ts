import { join } from 'node:path';
import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { FfmpegVideoCodec } from '@gpt4video/adapters/ffmpeg/ffmpeg-video-codec';
import { FilesystemObjectStore } from '@gpt4video/adapters/filesystem/filesystem-object-store';
import { InProcessEventBus } from '@gpt4video/adapters/in-process/in-process-event-bus';
import { EmbeddedPostgres } from '@gpt4video/adapters/postgres/embedded-postgres';
import { PgDatabase } from '@gpt4video/adapters/postgres/pg-database';
import { SharpImageCodec } from '@gpt4video/adapters/sharp/sharp-image-codec';
import { GatewayDatabase } from '@gpt4video/gateway/storage/gateway-database';
import { Logger } from '@gpt4video/platform/logging';
import { Clock } from '@gpt4video/ports/clock';
import { BusWatch, EventBus } from '@gpt4video/ports/event-bus';
import { ImageCodec } from '@gpt4video/ports/image-codec';
import { ObjectStore } from '@gpt4video/ports/object-store';
import { VideoCodec } from '@gpt4video/ports/video-codec';
import { StandaloneOptions } from './options.js';

/** The Postgres child and the pool on it; both end after everything else. */
export class LocalDatabase implements OnApplicationShutdown {
  private constructor(
    private readonly server: EmbeddedPostgres,
    readonly pool: PgDatabase<unknown>,
  ) {}

  /** Starts or adopts the server in the data folder. */
  static async start(data: string, clock: Clock, logger: Logger): Promise<LocalDatabase> {
    const server = await EmbeddedPostgres.start({ directory: join(data, 'postgres') });
    logger.info('postgres is ready', { adopted: server.adopted, pid: server.pid });
    return new LocalDatabase(server, new PgDatabase<unknown>(server.connection, { clock }));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.close();
    await this.server.stop();
  }
}

/** What one machine uses for bytes, facts, rows and pictures. */
@Global()
@Module({
  providers: [
    { provide: ObjectStore, inject: [StandaloneOptions], useFactory: ({ arguments: { data } }: StandaloneOptions) => FilesystemObjectStore.open(join(data, 'objects')) },
    { provide: EventBus, inject: [Clock, BusWatch], useFactory: (clock: Clock, watch: BusWatch) => new InProcessEventBus({ clock, watch }) },
    { provide: LocalDatabase, inject: [StandaloneOptions, Clock, Logger], useFactory: ({ arguments: { data } }: StandaloneOptions, clock: Clock, logger: Logger) => LocalDatabase.start(data, clock, logger) },
    { provide: GatewayDatabase, inject: [LocalDatabase], useFactory: ({ pool }: LocalDatabase) => new GatewayDatabase(pool) },
    { provide: VideoCodec, useClass: FfmpegVideoCodec },
    { provide: ImageCodec, useClass: SharpImageCodec },
  ],
  exports: [ObjectStore, EventBus, GatewayDatabase, VideoCodec, ImageCodec],
})
export class StorageModule {}
