import { Module } from '@nestjs/common';
import { CaptionForcer } from './core/caption-forcer.js';
import { ConverseService } from './core/converse.service.js';
import { DialogueLanguage } from './core/dialogue-language.js';
import { DialogueObserver } from './core/dialogue-observer.js';
import { PromptBuilder } from './core/prompt-builder.js';
import { VisualTokenSource } from './core/visual-token-source.js';
import { DialogueMetrics } from './metrics.js';
import { AbstractorClient } from './transport/abstractor.client.js';
import { DialogueController } from './transport/dialogue.controller.js';
import { TracedConverse } from './transport/traced-converse.js';

/** Conversations about videos. Needs LanguageModel, DialogueTokenizer, CaptionTokenizer, DialogueSettings, AbstractorAddress and the platform. */
@Module({
  providers: [
    PromptBuilder,
    DialogueLanguage,
    CaptionForcer,
    { provide: ConverseService, useClass: TracedConverse },
    { provide: VisualTokenSource, useClass: AbstractorClient },
    { provide: DialogueObserver, useClass: DialogueMetrics },
    DialogueController,
  ],
})
export class DialogueModule {}
