import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ChatService } from '../../core/chat/chat.service.js';
import type { Turn } from '../../core/chat/turn.js';
import type { Tenant } from '../../core/tenants/tenant.js';
import { Admission } from './admission.js';
import { answerChoices, type ChoiceEvent } from './chat-choices.js';
import { ChatStream } from './chat-stream.js';
import { disconnectSignal } from './disconnect-signal.js';
import { metered } from './metered-answer.js';
import { TokenLimit } from './token-limit.js';

/** Lets a turn in and has it answered. */
@Injectable()
export class ChatTurns {
  constructor(
    private readonly chat: ChatService,
    private readonly admission: Admission,
    private readonly stream: ChatStream,
    private readonly tokens: TokenLimit,
  ) {}

  /** `count` answers, until the client leaves. Throws `rate_limited` for a tenant without tokens; what else is wrong is thrown by the first event. */
  async begin(turn: Turn, tenant: Tenant, count: number, reply: FastifyReply): Promise<AsyncIterable<ChoiceEvent>> {
    const tokens = await this.tokens.reserve(tenant, count * turn.sampling.maxTokens, reply);
    return metered(this.events(turn, tenant, count, disconnectSignal(reply)), tokens);
  }

  /** Waiting for a place and for media is part of the answer, so that a stream can be kept awake meanwhile. */
  private async *events(turn: Turn, tenant: Tenant, count: number, signal: AbortSignal): AsyncGenerator<ChoiceEvent> {
    const leave = await this.admission.enterTurn(tenant, signal);
    try {
      const prepared = await this.chat.prepare(turn, signal);
      yield* this.stream.noted(answerChoices(this.chat, prepared, count, signal));
    } finally {
      leave();
    }
  }
}
