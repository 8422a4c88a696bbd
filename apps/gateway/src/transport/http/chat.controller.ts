import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { Clock } from '@gpt4video/ports/clock';
import { currentTraceparent } from '@gpt4video/platform/tracing';
import type { FastifyReply } from 'fastify';
import { ChatService, type PreparedTurn } from '../../core/chat/chat.service.js';
import { chooseModel } from '../../core/models/choose-model.js';
import { ModelCatalog } from '../../core/models/model-catalog.js';
import { newId } from '../../core/new-id.js';
import { Admission } from './admission.js';
import { type AnswerFrame, toCompletion } from './chat.answer.js';
import { completion, completionChunk } from './chat.answer.schema.js';
import { toTurn } from './chat.mapper.js';
import { chatRequest } from './chat.schema.js';
import { ChatStream } from './chat-stream.js';
import { disconnectSignal } from './disconnect-signal.js';
import { json, Operation, type OperationInfo } from './openapi/operation.js';
import { parseRequest } from './parse.js';
import { TenantId } from './tenant-id.js';

const DESCRIPTION = {
  id: 'createChatCompletion',
  tag: 'chat',
  summary: 'Ask about videos, and have videos made',
  json: chatRequest,
  answers: { 200: [json(completion, 'The answer'), { kind: 'events', event: completionChunk, description: 'With `stream`: chunks, then `[DONE]`; an error in the middle is a last chunk `{"error": …}`' }] },
  errors: ['model_not_found', 'invalid_video', 'unsupported_media', 'video_too_long', 'video_too_large', 'context_length_exceeded', 'screening_unavailable', 'model_unavailable', 'overloaded'],
} satisfies OperationInfo;

/** `POST /v1/chat/completions`. */
@Controller('v1/chat/completions')
export class ChatController {
  constructor(
    private readonly chat: ChatService,
    private readonly catalog: ModelCatalog,
    private readonly admission: Admission,
    private readonly stream: ChatStream,
    private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(200)
  @Operation(DESCRIPTION)
  async complete(@Body() body: unknown, @TenantId() tenantId: string, @Res() reply: FastifyReply): Promise<void> {
    const request = parseRequest(chatRequest, body);
    const card = chooseModel(this.catalog, request.model);
    const turn = toTurn(request, { tenantId, card, traceparent: currentTraceparent() ?? '' });
    const signal = disconnectSignal(reply);
    const leave = await this.admission.enterTurn(tenantId, signal);
    try {
      const prepared = await this.chat.prepare(turn, signal);
      const frame = { id: newId('chatcmpl'), created: Math.floor(this.clock.now() / 1_000), model: card.id };
      if (request.stream === true) await this.stream.run({ prepared, frame, includeUsage: request.stream_options?.include_usage === true }, reply, signal);
      else await this.answerAtOnce(prepared, frame, reply, signal);
    } finally {
      leave();
    }
  }

  private async answerAtOnce(prepared: PreparedTurn, frame: AnswerFrame, reply: FastifyReply, signal: AbortSignal): Promise<void> {
    const completion = await toCompletion(frame, this.stream.noted(this.chat.answer(prepared, signal)));
    await reply.send(completion);
  }
}
