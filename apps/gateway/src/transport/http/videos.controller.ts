import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res, UseInterceptors } from '@nestjs/common';
import { currentTraceparent } from '@gpt4video/platform/tracing';
import { DomainError } from '@gpt4video/ports/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { GatewayConfig } from '../../config.js';
import { type Generation, isTerminal } from '../../core/generations/generation.js';
import { GenerationService } from '../../core/generations/generation.service.js';
import { chooseModel } from '../../core/models/choose-model.js';
import { ModelCatalog } from '../../core/models/model-catalog.js';
import { disconnectSignal } from './disconnect-signal.js';
import { FormFieldsInterceptor } from './form-fields.interceptor.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';
import { ObjectSender } from './object-sender.js';
import { json, Operation, stored } from './openapi/operation.js';
import { pageQuery, toListObject, toPageRequest } from './page-query.js';
import { parseRequest } from './parse.js';
import { TenantId } from './tenant-id.js';
import { videoDeleted, videoList, videoObject } from './videos.answer.schema.js';
import { optionsOf, toFilmOptions, toVideoObject, VIDEO_OPTION_NAMES } from './videos.mapper.js';
import { remixRequest, videoRequest } from './videos.schema.js';

/** Milliseconds after which a poll makes sense. */
const POLL_AFTER_MS = '500';

const contentQuery = z.strictObject({ variant: z.enum(['video', 'thumbnail', 'spritesheet']).default('video') });
const EXTENSIONS = { video: 'mp4', thumbnail: 'webp', spritesheet: 'jpg' } as const;

/** `/v1/videos`. */
@Controller('v1/videos')
@UseInterceptors(FormFieldsInterceptor, IdempotencyInterceptor)
export class VideosController {
  constructor(
    private readonly generations: GenerationService,
    private readonly catalog: ModelCatalog,
    private readonly objects: ObjectSender,
    private readonly config: GatewayConfig,
  ) {}

  @Post()
  @HttpCode(200)
  @Operation({ id: 'createVideo', tag: 'videos', summary: 'Queue a film', json: videoRequest, form: videoRequest, answers: { 200: json(videoObject, 'The film, queued') }, errors: ['model_not_found', 'content_blocked', 'screening_unavailable'] })
  async create(@Body() body: unknown, @Req() request: FastifyRequest, @TenantId() tenantId: string, @Res({ passthrough: true }) reply: FastifyReply) {
    const asked = parseRequest(videoRequest, body);
    const order = { tenantId, caption: asked.prompt, card: chooseModel(this.catalog, asked.model), options: toFilmOptions(asked), names: VIDEO_OPTION_NAMES, traceparent: currentTraceparent() ?? '', once: request.once ?? undefined };
    return this.answer(reply, await this.generations.screenAndQueue(order, disconnectSignal(reply)));
  }

  @Get()
  @Operation({ id: 'listVideos', tag: 'videos', summary: 'List films', query: pageQuery, answers: { 200: json(videoList, 'A page of films') } })
  async list(@Query() query: unknown, @TenantId() tenantId: string) {
    const page = await this.generations.list(tenantId, toPageRequest(parseRequest(pageQuery, query)));
    return toListObject(page, (generation) => this.toObject(generation));
  }

  @Get(':id')
  @Operation({ id: 'getVideo', tag: 'videos', summary: 'Look at a film', description: 'The header `openai-poll-after-ms` tells when to look again.', answers: { 200: json(videoObject, 'The film') } })
  async get(@Param('id') id: string, @TenantId() tenantId: string, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.answer(reply, await this.generations.get(tenantId, id));
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Operation({ id: 'cancelVideo', tag: 'videos', summary: 'Stop a film (extension)', description: 'What has ended stays as it is.', answers: { 200: json(videoObject, 'The film as it is now') } })
  async cancel(@Param('id') id: string, @TenantId() tenantId: string) {
    return this.toObject(await this.generations.cancel(tenantId, id));
  }

  @Post(':id/remix')
  @HttpCode(200)
  @Operation({ id: 'remixVideo', tag: 'videos', summary: 'Make a film like this one by another prompt', description: 'Seed, size, steps, guidance and negative prompt are those of the film, so that both begin with the same noise.', json: remixRequest, form: remixRequest, answers: { 200: json(videoObject, 'The new film, queued') }, errors: ['content_blocked', 'screening_unavailable', 'model_not_found'] })
  async remix(@Param('id') id: string, @Body() body: unknown, @Req() request: FastifyRequest, @TenantId() tenantId: string, @Res({ passthrough: true }) reply: FastifyReply) {
    const { prompt: caption } = parseRequest(remixRequest, body);
    const source = await this.generations.get(tenantId, id);
    const order = { tenantId, caption, card: chooseModel(this.catalog, source.model), options: optionsOf(source), names: VIDEO_OPTION_NAMES, traceparent: currentTraceparent() ?? '', remixedFrom: id, once: request.once ?? undefined };
    return this.answer(reply, await this.generations.screenAndQueue(order, disconnectSignal(reply)));
  }

  @Delete(':id')
  @Operation({ id: 'deleteVideo', tag: 'videos', summary: 'Stop a film if need be, and delete it', answers: { 200: json(videoDeleted, 'It is gone') } })
  async remove(@Param('id') id: string, @TenantId() tenantId: string) {
    await this.generations.remove(tenantId, id);
    return { id, object: 'video.deleted', deleted: true } as const;
  }

  @Get(':id/content')
  @Operation({ id: 'getVideoContent', tag: 'videos', summary: 'Download a film, its thumbnail or its spritesheet', query: contentQuery, answers: stored('video/mp4', 'image/webp', 'image/jpeg'), errors: ['conflict'] })
  async content(@Param('id') id: string, @Query() query: unknown, @TenantId() tenantId: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { variant } = parseRequest(contentQuery, query);
    const { result, status } = await this.generations.get(tenantId, id);
    if (result === undefined) throw new DomainError('conflict', `The video "${id}" is ${status}, so it has no content; wait until its status is "completed".`);
    await this.objects.send(request, reply, result[variant], `${id}.${EXTENSIONS[variant]}`);
  }

  private answer(reply: FastifyReply, generation: Generation) {
    if (!isTerminal(generation.status)) void reply.header('openai-poll-after-ms', POLL_AFTER_MS);
    return this.toObject(generation);
  }

  private toObject(generation: Generation) {
    return toVideoObject(generation, this.config.generationRetentionMs);
  }
}
