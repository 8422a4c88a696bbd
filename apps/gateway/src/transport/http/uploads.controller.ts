import { Body, Controller, Get, HttpCode, Param, Post, Req, Res, UseInterceptors } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { StoredFile } from '../../core/files/file.js';
import type { PartialUpload, UploadPart } from '../../core/uploads/upload.js';
import { UploadService } from '../../core/uploads/upload.service.js';
import { disconnectSignal } from './disconnect-signal.js';
import { toFileObject } from './files.mapper.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';
import { FormOnce } from './form-once.js';
import { json, Operation } from './openapi/operation.js';
import { parseRequest } from './parse.js';
import { TenantId } from './tenant-id.js';
import { completeRequest, partForm, partObject, uploadObject, uploadRequest } from './uploads.schema.js';

const OF_FILE = ['invalid_video', 'unsupported_media', 'video_too_long', 'video_too_large'] as const;

/** `/v1/uploads`: large files in parts. */
@Controller('v1/uploads')
@UseInterceptors(IdempotencyInterceptor)
export class UploadsController {
  constructor(
    private readonly uploads: UploadService,
    private readonly once: FormOnce,
  ) {}

  @Post()
  @HttpCode(200)
  @Operation({ id: 'createUpload', tag: 'uploads', summary: 'Begin an upload in parts', json: uploadRequest, answers: { 200: json(uploadObject, 'The upload; parts are taken for an hour') }, errors: ['video_too_large'] })
  async begin(@Body() body: unknown, @TenantId() tenantId: string) {
    const { filename, purpose, bytes, mime_type: mediaType, expires_after: expires } = parseRequest(uploadRequest, body);
    return toUploadObject(await this.uploads.begin({ tenantId, filename, purpose, bytes, mediaType, ...(expires === undefined ? {} : { expiresAfterSeconds: expires.seconds }) }));
  }

  @Get(':id')
  @Operation({ id: 'getUpload', tag: 'uploads', summary: 'What has arrived (extension)', answers: { 200: json(uploadObject, 'The upload with its parts') } })
  async get(@Param('id') id: string, @TenantId() tenantId: string) {
    const { upload, parts } = await this.uploads.get(tenantId, id);
    return { ...toUploadObject(upload), parts: parts.map((part) => toPartObject(id, part)) };
  }

  @Post(':id/parts')
  @HttpCode(200)
  @Operation({ id: 'addUploadPart', tag: 'uploads', summary: 'Add a part', form: partForm, answers: { 200: json(partObject, 'The part') }, errors: ['video_too_large'] })
  async addPart(@Param('id') id: string, @Req() request: FastifyRequest, @TenantId() tenantId: string, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.once.run({ request, reply }, 'data', async (form) => {
      const part = await this.uploads.addPart(tenantId, id, form.body, disconnectSignal(reply));
      await form.fields();
      return toPartObject(id, part);
    });
  }

  @Post(':id/complete')
  @HttpCode(200)
  @Operation({ id: 'completeUpload', tag: 'uploads', summary: 'Put the parts together', json: completeRequest, answers: { 200: json(uploadObject, 'The upload with its file') }, errors: OF_FILE })
  async complete(@Param('id') id: string, @Body() body: unknown, @TenantId() tenantId: string, @Res({ passthrough: true }) reply: FastifyReply) {
    const { part_ids: partIds, md5 } = parseRequest(completeRequest, body);
    const { upload, file } = await this.uploads.complete(tenantId, id, { partIds, md5 }, disconnectSignal(reply));
    return toUploadObject(upload, file);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Operation({ id: 'cancelUpload', tag: 'uploads', summary: 'Give an upload up', answers: { 200: json(uploadObject, 'The upload') } })
  async cancel(@Param('id') id: string, @TenantId() tenantId: string) {
    return toUploadObject(await this.uploads.cancel(tenantId, id));
  }
}

function toUploadObject({ id, bytes, createdAtMs, expiresAtMs, filename, purpose, status }: PartialUpload, file?: StoredFile): z.output<typeof uploadObject> {
  return { id, object: 'upload', bytes, created_at: Math.floor(createdAtMs / 1_000), expires_at: Math.floor(expiresAtMs / 1_000), filename, purpose, status, file: file === undefined ? null : toFileObject(file) };
}

function toPartObject(uploadId: string, { id, asset, createdAtMs }: UploadPart): z.output<typeof partObject> {
  return { id, object: 'upload.part', created_at: Math.floor(createdAtMs / 1_000), upload_id: uploadId, bytes: asset.bytes };
}
