import { Controller, Get, Param } from '@nestjs/common';
import { WINDOW_MAX_CHARS, WINDOW_MIN_CHARS } from '../../core/chat/release-window.js';
import { chooseModel } from '../../core/models/choose-model.js';
import type { z } from 'zod';
import { type ModelCard, ModelCatalog } from '../../core/models/model-catalog.js';
import { modelList, modelObject } from './models.schema.js';
import { json, Operation } from './openapi/operation.js';

/** `/v1/models`: what is loaded. */
@Controller('v1/models')
export class ModelsController {
  constructor(private readonly catalog: ModelCatalog) {}

  @Get()
  @Operation({ id: 'listModels', tag: 'models', summary: 'What is loaded', answers: { 200: json(modelList, 'Every model') } })
  list() {
    return { object: 'list', data: this.catalog.list().map(toModelObject) };
  }

  @Get(':id')
  @Operation({ id: 'getModel', tag: 'models', summary: 'Look at a model', answers: { 200: json(modelObject, 'The model') }, errors: ['model_not_found'] })
  get(@Param('id') id: string) {
    return toModelObject(chooseModel(this.catalog, id));
  }
}

function toModelObject({ id, revision, contextTokens, tokensPerVideo, sampling, film, safety, parts }: ModelCard): z.output<typeof modelObject> {
  return {
    id,
    object: 'model',
    created: 0,
    owned_by: 'gpt4video',
    revision,
    context_tokens: contextTokens,
    tokens_per_video: tokensPerVideo,
    defaults: { temperature: sampling.temperature, top_p: sampling.topP, max_completion_tokens: sampling.maxTokens },
    video: { sizes: [...film.sizes], seconds: [String(film.frames / film.fps)], fps: film.fps, num_frames: film.frames, max_steps: film.maxSteps, default_steps: film.defaults.steps, default_guidance_scale: film.defaults.guidanceScale },
    safety: { policy_version: safety.policyVersion, thresholds: { ...safety.thresholds }, frame_threshold: safety.frameThreshold, release_window: { min_chars: WINDOW_MIN_CHARS, max_chars: WINDOW_MAX_CHARS } },
    parts: { ...parts },
  };
}
