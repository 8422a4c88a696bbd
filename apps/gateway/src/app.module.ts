import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DynamicModule, Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { FilesystemObjectStore } from '@gpt4video/adapters/filesystem/filesystem-object-store';
import { InProcessEventBus } from '@gpt4video/adapters/in-process/in-process-event-bus';
import { KafkaEventBus } from '@gpt4video/adapters/kafka/kafka-event-bus';
import { PgDatabase } from '@gpt4video/adapters/postgres/pg-database';
import { S3ObjectStore } from '@gpt4video/adapters/s3/s3-object-store';
import { bundleRevision, parseManifestText } from '@gpt4video/model/bundle/manifest';
import { s3Location } from '@gpt4video/platform/object-store-config';
import { platformOptions } from '@gpt4video/platform/platform-config';
import { PlatformModule } from '@gpt4video/platform/platform.module';
import { SystemClock } from '@gpt4video/platform/system-clock';
import { Clock } from '@gpt4video/ports/clock';
import { BusWatch, EventBus } from '@gpt4video/ports/event-bus';
import { ObjectStore } from '@gpt4video/ports/object-store';
import { GatewayConfig, type GatewayProcessConfig } from './config.js';
import { bundleCard } from './core/models/bundle-card.js';
import { ModelCatalog } from './core/models/model-catalog.js';
import { GatewayModule } from './gateway.module.js';
import { GatewayDatabase } from './storage/gateway-database.js';
import { StageAddresses } from './transport/grpc/stage-addresses.js';

/** The pool of connections, closed after everything that uses it. */
class Pool extends PgDatabase<unknown> implements OnApplicationShutdown {
  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }
}

@Global()
@Module({})
class Adapters {
  static of(config: GatewayProcessConfig): DynamicModule {
    const { frameExtractorAddress: frameExtractor, dialogueAddress: dialogue, safetyAddress: safety } = config;
    // One line per adapter that a deployment can choose.
    const stores = { filesystem: () => FilesystemObjectStore.open(config.objectFolder), s3: () => new S3ObjectStore(s3Location(config)) };
    const buses = {
      'in-process': (clock: Clock, watch: BusWatch) => new InProcessEventBus({ clock, watch }),
      kafka: (clock: Clock, watch: BusWatch) => new KafkaEventBus({ app: 'gateway', settings: config, clock, watch }),
    };
    return {
      module: Adapters,
      providers: [
        { provide: ObjectStore, useFactory: stores[config.objectStore] },
        { provide: EventBus, inject: [Clock, BusWatch], useFactory: buses[config.eventBus] },
        { provide: Pool, inject: [Clock], useFactory: (clock: Clock) => new Pool({ url: config.databaseUrl }, { clock, ...poolBounds(config) }) },
        { provide: GatewayDatabase, inject: [Pool], useFactory: (pool: Pool) => new GatewayDatabase(pool) },
        { provide: GatewayConfig, useValue: config },
        { provide: ModelCatalog, useFactory: () => catalogOf(config.bundleFolder) },
        { provide: StageAddresses, useValue: { frameExtractor, dialogue, safety } },
      ],
      exports: [ObjectStore, EventBus, GatewayDatabase, GatewayConfig, ModelCatalog, StageAddresses],
    };
  }
}

/** The gateway as a process of its own: its bill of materials. */
@Module({})
export class AppModule {
  static of(config: GatewayProcessConfig): DynamicModule {
    const platform = PlatformModule.forRoot(platformOptions('gateway', config));
    return { module: AppModule, imports: [platform, Adapters.of(config), GatewayModule] };
  }
}

/** The database alone, for the migrations. */
@Module({})
export class MigrationModule {
  static of(url: string): DynamicModule {
    const pool = { provide: Pool, inject: [Clock], useFactory: (clock: Clock) => new Pool({ url }, { clock }) };
    const database = { provide: GatewayDatabase, inject: [Pool], useFactory: (pool: Pool) => new GatewayDatabase(pool) };
    return { module: MigrationModule, providers: [{ provide: Clock, useClass: SystemClock }, pool, database] };
  }
}

function poolBounds({ databaseConnections: maxConnections, databaseWaitMs: connectTimeoutMs, databaseStatementMs: statementTimeoutMs }: GatewayProcessConfig) {
  return { maxConnections, connectTimeoutMs, statementTimeoutMs };
}

async function catalogOf(folder: string): Promise<ModelCatalog> {
  const bytes = await readFile(join(folder, 'bundle.json'));
  const card = bundleCard(parseManifestText(bytes.toString()), bundleRevision(createHash('sha256').update(bytes).digest('hex')));
  return { list: () => [card] };
}
