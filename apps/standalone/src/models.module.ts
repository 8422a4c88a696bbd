import { Global, Module } from '@nestjs/common';
import { AbstractorModel } from '@gpt4video/abstractor/core/abstractor-model';
import { AbstractorSettings, abstractorSettings } from '@gpt4video/abstractor/core/abstractor-settings';
import { VisionModel } from '@gpt4video/clip-encoder/core/vision-model';
import { VisionSettings, visionSettings } from '@gpt4video/clip-encoder/core/vision-settings';
import { DialogueSettings, dialogueSettings } from '@gpt4video/dialogue/core/dialogue-settings';
import { CaptionTokenizer, DialogueTokenizer } from '@gpt4video/dialogue/core/dialogue-tokenizer';
import { FrameSettings, frameSettings } from '@gpt4video/frame-extractor/core/frame-settings';
import { ModelCatalog } from '@gpt4video/gateway/core/models/model-catalog';
import { FilmModel } from '@gpt4video/ports/film-model';
import { LanguageModel } from '@gpt4video/ports/language-model';
import { ImageSafetyModel, SafetyTokenizer, TextEmbeddingModel, TextSafetyModel } from '@gpt4video/safety/core/safety-models';
import { SafetySettings, safetySettings } from '@gpt4video/safety/core/safety-settings';
import { FilmWorkerSettings } from '@gpt4video/video-generator/core/film-worker-settings';
import { LocalModels } from './local-models.js';

const DECODE_LIMITS = { maxDurationMs: 10 * 60_000, maxPixels: 4096 * 2304, maxStreams: 16, maxFrames: 100_000, maxWorkMs: 30_000 };
const MAX_BATCH_FRAMES = 16;

const from = <Value>(token: abstract new () => Value, pick: (models: LocalModels) => Value) => ({ provide: token, inject: [LocalModels], useFactory: pick });

const PROVIDERS = [
  from(VisionModel, ({ sessions }) => sessions.vision),
  from(AbstractorModel, ({ sessions }) => sessions.abstractor),
  from(TextEmbeddingModel, ({ sessions }) => sessions.textEmbedding),
  from(TextSafetyModel, ({ sessions }) => sessions.textSafety),
  from(ImageSafetyModel, ({ sessions }) => sessions.imageSafety),
  from(LanguageModel, ({ generative }) => generative.language),
  from(FilmModel, ({ generative }) => generative.film),
  from(DialogueTokenizer, ({ tokenizers }) => tokenizers.language),
  from(CaptionTokenizer, ({ tokenizers }) => tokenizers.caption),
  from(SafetyTokenizer, ({ tokenizers }) => tokenizers.safety),
  from(FrameSettings, ({ manifest, revision }) => frameSettings(manifest, revision, DECODE_LIMITS)),
  from(VisionSettings, ({ manifest, revision }) => visionSettings(manifest, revision, MAX_BATCH_FRAMES)),
  from(AbstractorSettings, ({ manifest, revision }) => abstractorSettings(manifest, revision)),
  from(DialogueSettings, ({ manifest, revision }) => dialogueSettings(manifest, revision)),
  from(SafetySettings, ({ manifest }) => safetySettings(manifest)),
  from(FilmWorkerSettings, ({ revision }) => ({ worker: 'standalone', bundleRevision: revision, heartbeatMs: 1_000, pollMs: 1_000, releaseMs: 5_000 })),
  from(ModelCatalog, ({ card }) => ({ list: () => [card] })),
];

/** The bundle of this process, loaded once; every service takes its part. */
@Global()
@Module({ providers: [LocalModels.provider, ...PROVIDERS], exports: PROVIDERS.map(({ provide }) => provide) })
export class ModelsModule {}
