import { Body, Controller, HttpCode, Post, Req, Res, UseInterceptors } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProvenanceService } from '../../core/provenance/provenance.service.js';
import { disconnectSignal } from './disconnect-signal.js';
import { FormOnce } from './form-once.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';
import { json, Operation } from './openapi/operation.js';
import { parseRequest } from './parse.js';
import { toProvenanceObject } from './provenance.mapper.js';
import { provenanceAnswer, provenanceForm, provenanceRequest } from './provenance.schema.js';
import { TenantId } from './tenant-id.js';

const ERRORS = ['invalid_video', 'unsupported_media', 'video_too_long', 'video_too_large', 'not_found'] as const;

/** `/v1/provenance`: is this video a film of ours? */
@Controller('v1/provenance')
@UseInterceptors(IdempotencyInterceptor)
export class ProvenanceController {
  constructor(
    private readonly provenance: ProvenanceService,
    private readonly once: FormOnce,
  ) {}

  @Post()
  @HttpCode(200)
  @Operation({ id: 'inspectProvenance', tag: 'provenance', summary: 'Whether a video is a film of ours', json: provenanceRequest, form: provenanceForm, answers: { 200: json(provenanceAnswer, 'Manifest and watermark') }, errors: ERRORS })
  async inspect(@Body() body: unknown, @TenantId() tenantId: string, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const signal = disconnectSignal(reply);
    if (!request.isMultipart()) return toProvenanceObject(await this.provenance.inspectFile(tenantId, parseRequest(provenanceRequest, body).file_id, signal));
    return this.once.run({ request, reply }, 'file', async (form) => toProvenanceObject(await this.provenance.inspectPassing(form.body, signal)));
  }
}
