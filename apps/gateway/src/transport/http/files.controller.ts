import { Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { Metrics } from '@gpt4video/platform/metrics';
import { DomainError } from '@gpt4video/ports/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { StoredFile } from '../../core/files/file.js';
import { FileService } from '../../core/files/file.service.js';
import { GATEWAY_METRICS } from '../../metrics.js';
import { disconnectSignal } from './disconnect-signal.js';
import { toFileObject, toUploadForm } from './files.mapper.js';
import { openForm } from './multipart.js';
import { ObjectSender } from './object-sender.js';
import { pageQuery, toListObject, toPageRequest } from './page-query.js';
import { parseRequest } from './parse.js';
import { TenantId } from './tenant-id.js';
import { UploadOnce } from './upload-once.js';

/** `/v1/files`. */
@Controller('v1/files')
export class FilesController {
  private readonly instruments;

  constructor(
    private readonly files: FileService,
    private readonly objects: ObjectSender,
    private readonly once: UploadOnce,
    metrics: Metrics,
  ) {
    this.instruments = metrics.use(GATEWAY_METRICS);
  }

  @Post()
  @HttpCode(200)
  async upload(@Req() request: FastifyRequest, @TenantId() tenantId: string, @Res({ passthrough: true }) reply: FastifyReply) {
    const { file, fields } = await openForm(request);
    const upload = { tenantId, filename: file.filename || 'video', mediaType: file.mimetype, body: file.file, signal: disconnectSignal(reply), form: async () => toUploadForm(await fields()) };
    try {
      const { answer, replayed } = await this.once.run(request, file.file, async (once) => this.taken(await this.files.upload({ ...upload, once })));
      if (replayed) void reply.header('idempotent-replayed', 'true');
      return answer;
    } finally {
      // A refused file may be half read; the connection is only usable again when the rest was taken.
      file.file.resume();
    }
  }

  @Get()
  async list(@Query() query: unknown, @TenantId() tenantId: string) {
    const page = await this.files.list(tenantId, toPageRequest(parseRequest(pageQuery, query)));
    return toListObject(page, toFileObject);
  }

  @Get(':id')
  async get(@Param('id') id: string, @TenantId() tenantId: string) {
    return toFileObject(await this.files.get(tenantId, id));
  }

  @Delete(':id')
  async remove(@Param('id') id: string, @TenantId() tenantId: string) {
    await this.files.remove(tenantId, id);
    return { id, object: 'file', deleted: true };
  }

  @Get(':id/content')
  async content(@Param('id') id: string, @TenantId() tenantId: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const file = await this.files.get(tenantId, id);
    await this.objects.send(request, reply, file.asset, file.filename);
  }

  @Get(':id/frames/:index')
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
