import { Body, Controller, HttpCode, Post, Res, UseInterceptors } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { type ModerationPart, type ModerationResult, ModerationService } from '../../core/moderation/moderation.service.js';
import { newId } from '../../core/new-id.js';
import { disconnectSignal } from './disconnect-signal.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';
import { mediaOf } from './media-url.js';
import { moderationAnswer, type ModerationRequest, moderationRequest } from './moderations.schema.js';
import { json, Operation } from './openapi/operation.js';
import { parseRequest } from './parse.js';
import { TenantId } from './tenant-id.js';

const ERRORS = ['invalid_video', 'unsupported_media', 'video_too_long', 'video_too_large', 'not_found', 'screening_unavailable', 'model_unavailable', 'overloaded'] as const;

/** `POST /v1/moderations`. */
@Controller('v1/moderations')
@UseInterceptors(IdempotencyInterceptor)
export class ModerationsController {
  constructor(private readonly moderation: ModerationService) {}

  @Post()
  @HttpCode(200)
  @Operation({ id: 'createModeration', tag: 'moderations', summary: 'What screening says of texts, pictures and videos', json: moderationRequest, answers: { 200: json(moderationAnswer, 'One result an input') }, errors: ERRORS })
  async create(@Body() body: unknown, @TenantId() tenantId: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<z.output<typeof moderationAnswer>> {
    const { input } = parseRequest(moderationRequest, body);
    const { policyVersion, results } = await this.moderation.moderate(tenantId, toInputs(input), disconnectSignal(reply));
    return { id: newId('modr'), model: policyVersion, results: results.map(toResult) };
  }
}

/** Each text of an array is an input of its own; parts are one input together. */
function toInputs(input: ModerationRequest['input']): readonly (readonly ModerationPart[])[] {
  if (typeof input === 'string') return [[{ kind: 'text', text: input }]];
  const parts = input.map((part, index) => (typeof part === 'string' ? { kind: 'text' as const, text: part } : toPart(part, `input[${index}]`)));
  return typeof input[0] === 'string' ? parts.map((part) => [part]) : [parts];
}

function toPart(part: Exclude<ModerationRequest['input'][number], string>, param: string): ModerationPart {
  if (part.type === 'text') return { kind: 'text', text: part.text };
  if (part.type === 'file') return { kind: 'media', as: 'video', media: { kind: 'file', fileId: part.file.file_id, param: `${param}.file.file_id` } };
  if (part.type === 'image_url') return { kind: 'media', as: 'image', media: mediaOf(part.image_url.url, `${param}.image_url.url`) };
  return { kind: 'media', as: 'video', media: mediaOf(part.video_url.url, `${param}.video_url.url`) };
}

function toResult({ flagged, policyVersion, categories, frames }: ModerationResult): z.output<typeof moderationAnswer>['results'][number] {
  const by = <Value>(pick: (result: ModerationResult['categories'][number]) => Value) => Object.fromEntries(categories.map((result) => [result.category, pick(result)]));
  return {
    flagged,
    policy_version: policyVersion,
    categories: by((result) => result.flagged),
    category_scores: by((result) => result.score),
    category_applied_input_types: by((result) => [...result.appliedTo]),
    ...(frames.length === 0 ? {} : { frames: frames.map(({ part, frames: scores }) => ({ part, frames: scores.map(({ timestampMs, score, flagged: bad }) => ({ timestamp_ms: timestampMs, score, flagged: bad })) })) }),
  };
}
