import { homedir } from 'node:os';
import { Global, Module } from '@nestjs/common';
import { loadBundle } from '@gpt4video/adapters/bundle/load-bundle';
import { modelCacheFolder } from '@gpt4video/adapters/bundle/model-cache';
import { OnnxLanguageModel } from '@gpt4video/adapters/onnx/onnx-language-model';
import { HfTokenizer } from '@gpt4video/adapters/tokenizer/hf-tokenizer';
import { Health } from '@gpt4video/platform/health';
import { platformOptions } from '@gpt4video/platform/platform-config';
import { PlatformModule } from '@gpt4video/platform/platform.module';
import { LanguageModel } from '@gpt4video/ports/language-model';
import { config } from './config.js';
import { DialogueSettings, dialogueSettings } from './core/dialogue-settings.js';
import { CaptionTokenizer, DialogueTokenizer } from './core/dialogue-tokenizer.js';
import { DialogueModule } from './dialogue.module.js';
import { AbstractorAddress } from './transport/abstractor.client.js';

const bundle = await loadBundle({ folder: config.bundleFolder, cache: modelCacheFolder({ GPT4VIDEO_MODEL_CACHE: config.modelCache, HOME: homedir() }) });
const { contextTokens } = bundle.manifest.language;

@Global()
@Module({
  providers: [
    { provide: LanguageModel, useFactory: () => OnnxLanguageModel.open({ ...bundle.language, contextTokens, threads: config.threads, providers: config.executionProviders }) },
    { provide: DialogueTokenizer, useFactory: () => HfTokenizer.load(bundle.language.tokenizer) },
    { provide: CaptionTokenizer, useFactory: () => HfTokenizer.load(bundle.pathOf(bundle.manifest.textEncoder.tokenizer)) },
    { provide: DialogueSettings, useValue: dialogueSettings(bundle.manifest, bundle.revision) },
    { provide: AbstractorAddress, useValue: { address: config.abstractorAddress } },
  ],
  exports: [LanguageModel, DialogueTokenizer, CaptionTokenizer, DialogueSettings, AbstractorAddress],
})
class Adapters {
  // Injected models are loaded and warm.
  constructor(
    health: Health,
    { execution }: LanguageModel,
  ) {
    health.addModel({ name: 'language', revision: bundle.revision, inputs: [], outputs: [], execution })();
  }
}

/** The dialogue service as a process of its own: its bill of materials. */
@Module({
  imports: [
    PlatformModule.forRoot(platformOptions('dialogue', config)),
    Adapters,
    DialogueModule,
  ],
})
export class AppModule {}
