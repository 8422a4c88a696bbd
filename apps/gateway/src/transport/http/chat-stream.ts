import { Injectable } from '@nestjs/common';
import { Logger } from '@gpt4video/platform/logging';
import { Metrics } from '@gpt4video/platform/metrics';
import { toDomainError } from '@gpt4video/ports/errors';
import type { FastifyReply } from 'fastify';
import { GatewayConfig } from '../../config.js';
import { ChatService, type PreparedTurn } from '../../core/chat/chat.service.js';
import type { TurnEvent } from '../../core/chat/turn.js';
import { GATEWAY_METRICS } from '../../metrics.js';
import { type AnswerFrame, toChunk, toOpening, toUsageChunk } from './chat.answer.js';
import { toEnvelope } from './error-envelope.js';
import { EventStream } from './event-stream.js';

/** An answer to stream. */
export interface StreamedAnswer {
  readonly prepared: PreparedTurn;
  readonly frame: AnswerFrame;
  readonly includeUsage: boolean;
}

/** Streams answers as chat completion chunks. */
@Injectable()
export class ChatStream {
  private readonly instruments;

  constructor(
    private readonly chat: ChatService,
    private readonly config: GatewayConfig,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.instruments = metrics.use(GATEWAY_METRICS);
  }

  /** Writes the answer; an error in its middle becomes a last `data: {"error": …}`. Resolves when the stream is closed. */
  async run({ prepared, frame, includeUsage }: StreamedAnswer, reply: FastifyReply, signal: AbortSignal): Promise<void> {
    const stream = new EventStream(reply, this.config.ssePingMs);
    try {
      await stream.send({ data: JSON.stringify(toOpening(frame)) });
      for await (const event of this.noted(this.chat.answer(prepared, signal))) {
        await stream.send({ data: JSON.stringify(toChunk(frame, event)) });
        if (event.kind === 'end' && includeUsage) await stream.send({ data: JSON.stringify(toUsageChunk(frame, event.end.usage)) });
      }
      await stream.send({ data: '[DONE]' });
    } catch (thrown) {
      const error = toDomainError(thrown);
      this.logger.log(error.logLevel, 'answer broke off', { code: error.code, err: error });
      await stream.send({ data: JSON.stringify(toEnvelope(error)) });
    } finally {
      stream.close();
    }
  }

  /** The same events, with the turn's metrics taken on the way. */
  async *noted(events: AsyncIterable<TurnEvent>): AsyncGenerator<TurnEvent> {
    const stop = this.instruments.turnFirstTextSeconds.startTimer();
    let finish = 'broken';
    let texts = 0;
    this.instruments.turnsActive.inc();
    try {
      for await (const event of events) {
        if (event.kind === 'text' && texts++ === 0) stop();
        if (event.kind === 'end') finish = event.end.reason;
        yield event;
      }
    } finally {
      this.instruments.turnsActive.dec();
      this.instruments.turnsTotal.inc({ finish });
    }
  }
}
