import { type DynamicModule, Global, Module } from '@nestjs/common';
import { AbstractorModule } from '@gpt4video/abstractor/abstractor.module';
import { ClipEncoderModule } from '@gpt4video/clip-encoder/clip-encoder.module';
import { DialogueModule } from '@gpt4video/dialogue/dialogue.module';
import { FrameExtractorModule } from '@gpt4video/frame-extractor/frame-extractor.module';
import { GatewayConfig } from '@gpt4video/gateway/config';
import { GatewayModule } from '@gpt4video/gateway/gateway.module';
import { PlatformModule } from '@gpt4video/platform/platform.module';
import { SafetyModule } from '@gpt4video/safety/safety.module';
import { VideoGeneratorModule } from '@gpt4video/video-generator/video-generator.module';
import { AddressesModule } from './addresses.module.js';
import { ModelsModule } from './models.module.js';
import { StandaloneOptions } from './options.js';
import { ProvenanceModule } from './provenance.module.js';
import { StorageModule } from './storage.module.js';

@Global()
@Module({})
class OptionsModule {}

/** Every service in one process: files on disk, a Postgres child, facts in process, models in worker threads, gRPC on loopback. */
@Module({})
export class AppModule {
  static of(options: StandaloneOptions, gateway: GatewayConfig): DynamicModule {
    const { logLevel, logFormat } = options.arguments;
    return {
      module: AppModule,
      imports: [
        {
          module: OptionsModule,
          providers: [
            { provide: StandaloneOptions, useValue: options },
            { provide: GatewayConfig, useValue: gateway },
          ],
          exports: [StandaloneOptions, GatewayConfig],
        },
        PlatformModule.forRoot({ app: 'standalone', grpc: { host: '127.0.0.1', port: 0 }, logLevel, logFormat }),
        StorageModule,
        ProvenanceModule,
        ModelsModule,
        AddressesModule,
        FrameExtractorModule,
        ClipEncoderModule,
        AbstractorModule,
        DialogueModule,
        SafetyModule,
        VideoGeneratorModule,
        GatewayModule,
      ],
    };
  }
}
