import { Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { Metrics } from '@gpt4video/platform/metrics';
import { DomainError } from '@gpt4video/ports/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { StoredFile } from '../../core/files/file.js';
import { FileService } from '../../core/files/file.service.js';
import { GATEWAY_METRICS } from '../../metrics.js';
import { disconnectSignal } from './disconnect-signal.js';
import { toFileObject, toUploadForm } from './files.mapper.js';
import { fileDeleted, fileList, fileObject, uploadFormWithFile } from './files.schema.js';
import { FormOnce } from './form-once.js';
import { ObjectSender } from './object-sender.js';
import { json, Operation, stored } from './openapi/operation.js';
import { pageQuery, toListObject, toPageRequest } from './page-query.js';
import { parseRequest } from './parse.js';
import { TenantId } from './tenant-id.js';

/** What a person calls a file is only believed where browsers do no more than show it. */
function mediaTypeOf(said: string): string {
  return /^(video|image)\/[\w.+-]+$/.test(said) && said !== 'image/svg+xml' ? said : 'application/octet-stream';
}

/** `/v1/files`. */
@Controller('v1/files')
export class FilesController {
  private readonly instruments;

  constructor(
    private readonly files: FileService,
    private readonly objects: ObjectSender,
    private readonly once: FormOnce,
    metrics: Metrics,
  ) {
    this.instruments = metrics.use(GATEWAY_METRICS);
  }

  @Post()
  @HttpCode(200)
  @Operation({ id: 'createFile', tag: 'files', summary: 'Upload a video', form: uploadFormWithFile, answers: { 200: json(fileObject, 'The file; its ingest goes on') }, errors: ['invalid_video', 'unsupported_media', 'video_too_long', 'video_too_large'] })
  async upload(@Req() request: FastifyRequest, @TenantId() tenantId: string, @Res({ passthrough: true }) reply: FastifyReply) {
    const signal = disconnectSignal(reply);
    return this.once.run({ request, reply }, 'file', async (form, once) => {
      const upload = { tenantId, filename: form.filename || 'video', mediaType: mediaTypeOf(form.mediaType), body: form.body, signal, once };
      return this.taken(await this.files.upload({ ...upload, form: async () => toUploadForm(await form.fields()) }));
    });
  }

  @Get()
  @Operation({ id: 'listFiles', tag: 'files', summary: 'List files', query: pageQuery, answers: { 200: json(fileList, 'A page of files') } })
  async list(@Query() query: unknown, @TenantId() tenantId: string) {
    const page = await this.files.list(tenantId, toPageRequest(parseRequest(pageQuery, query)));
    return toListObject(page, toFileObject);
  }

  @Get(':id')
  @Operation({ id: 'getFile', tag: 'files', summary: 'Look at a file', answers: { 200: json(fileObject, 'The file') } })
  async get(@Param('id') id: string, @TenantId() tenantId: string) {
    return toFileObject(await this.files.get(tenantId, id));
  }

  @Delete(':id')
  @Operation({ id: 'deleteFile', tag: 'files', summary: 'Delete a file and its bytes', answers: { 200: json(fileDeleted, 'It is gone') } })
  async remove(@Param('id') id: string, @TenantId() tenantId: string) {
    await this.files.remove(tenantId, id);
    return { id, object: 'file', deleted: true } as const;
  }

  @Get(':id/content')
  @Operation({ id: 'getFileContent', tag: 'files', summary: 'Download a file', answers: stored('video/*', 'image/*', 'application/octet-stream') })
  async content(@Param('id') id: string, @TenantId() tenantId: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const file = await this.files.get(tenantId, id);
    await this.objects.send(request, reply, file.asset, file.filename);
  }

  @Get(':id/frames/:index')
  @Operation({ id: 'getFileFrame', tag: 'files', summary: 'A frame that the model sees (extension)', answers: stored('image/jpeg') })
  async frame(@Param('id') id: string, @Param('index') index: string, @TenantId() tenantId: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { stills } = (await this.files.get(tenantId, id)).frames;
    const still = /^\d{1,4}$/.test(index) ? stills[Number(index)] : undefined;
    if (still === undefined) throw new DomainError('not_found', `The video "${id}" has no frame "${index}"; give 0 to ${stills.length - 1}.`);
    await this.objects.send(request, reply, still, `${id}-${index}.jpg`);
  }

  private taken(file: StoredFile) {
    this.instruments.uploadBytesTotal.inc(file.asset.bytes);
    return toFileObject(file);
  }
}
