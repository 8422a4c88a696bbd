import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { currentTraceparent } from '@gpt4video/platform/tracing';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Turn } from '../../core/chat/turn.js';
import type { Tenant } from '../../core/tenants/tenant.js';
import { AnswerFrames } from './answer-frames.js';
import { toCompletion } from './chat.answer.js';
import { completion, completionChunk } from './chat.answer.schema.js';
import { toTurn } from './chat.mapper.js';
import { type ChatRequest, chatRequest } from './chat.schema.js';
import { ChatTurns } from './chat-turns.js';
import { BrokenAnswer, ChatStream } from './chat-stream.js';
import { markReplayed } from './idempotency.js';
import { json, Operation, type OperationInfo } from './openapi/operation.js';
import { parseRequest } from './parse.js';
import { type OnceAnswer, RequestOnce } from './request-once.js';
import { TenantId } from './tenant-id.js';

const DESCRIPTION = {
  id: 'createChatCompletion',
  tag: 'chat',
  summary: 'Ask about videos, and have videos made',
  json: chatRequest,
  answers: { 200: [json(completion, 'The answer'), { kind: 'events', event: completionChunk, description: 'With `stream`: chunks, then `[DONE]`; an error in the middle is a last chunk `{"error": …}`' }] },
  errors: ['model_not_found', 'invalid_video', 'unsupported_media', 'video_too_long', 'video_too_large', 'context_length_exceeded', 'screening_unavailable', 'model_unavailable', 'overloaded', 'not_found'],
} satisfies OperationInfo;

/** `POST /v1/chat/completions`. */
@Controller('v1/chat/completions')
export class ChatController {
  constructor(
    private readonly turns: ChatTurns,
    private readonly stream: ChatStream,
    private readonly once: RequestOnce,
    private readonly frames: AnswerFrames,
  ) {}

  @Post()
  @HttpCode(200)
  @Operation(DESCRIPTION)
  async complete(@Body() body: unknown, @Req() raw: FastifyRequest, @TenantId() tenantId: string, @Res() reply: FastifyReply): Promise<void> {
    const request = parseRequest(chatRequest, body);
    const turn = toTurn(request, { tenantId, card: this.frames.cardOf(request.model), traceparent: currentTraceparent() ?? '' });
    const { answer, replayed } = await this.once.run(raw, () => this.answer(request, { ...turn, once: raw.once ?? undefined }, reply, raw.tenant ?? { id: tenantId, name: '' })).catch(unlessTold);
    if (replayed) markReplayed(reply);
    if (request.stream !== true) await reply.send(answer);
    else if (replayed) await this.stream.replay(answer, reply);
  }

  /** The completion, or the chunks that were streamed. */
  private async answer(request: ChatRequest, turn: Turn, reply: FastifyReply, tenant: Tenant): Promise<unknown> {
    const count = request.n ?? 1;
    const frame = this.frames.next(turn.card);
    const events = await this.turns.begin(turn, tenant, count, reply);
    if (request.stream !== true) return await toCompletion(frame, events);
    return await this.stream.run({ events, frame, count, includeUsage: request.stream_options?.include_usage === true }, reply);
  }
}

/** A stream that broke off has told so itself. */
function unlessTold(error: unknown): OnceAnswer {
  if (error instanceof BrokenAnswer) return { answer: undefined, replayed: false };
  throw error;
}
