import { Injectable } from '@nestjs/common';
import { Logger } from '@gpt4video/platform/logging';
import { Metrics } from '@gpt4video/platform/metrics';
import { Clock } from '@gpt4video/ports/clock';
import { toDomainError } from '@gpt4video/ports/errors';
import type { FastifyReply } from 'fastify';
import { GatewayConfig } from '../../config.js';
import { startPulling } from '../../core/chat/start-pulling.js';
import type { TurnUsage } from '../../core/chat/turn.js';
import { GATEWAY_METRICS } from '../../metrics.js';
import { type AnswerFrame, toChunk, toOpening, toUsageChunk } from './chat.answer.js';
import type { ChoiceEvent } from './chat-choices.js';
import { toEnvelope } from './error-envelope.js';
import { EventStream } from './event-stream.js';

/** Answers to stream. */
export interface StreamedAnswer {
  readonly events: AsyncIterable<ChoiceEvent>;
  readonly frame: AnswerFrame;
  /** How many answers there are. */
  readonly count: number;
  readonly includeUsage: boolean;
}

/** The stream ended with an error, which the client has been told. */
export class BrokenAnswer extends Error {}

/** Streams answers as chat completion chunks. */
@Injectable()
export class ChatStream {
  private readonly instruments;

  constructor(
    private readonly config: GatewayConfig,
    private readonly clock: Clock,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.instruments = metrics.use(GATEWAY_METRICS);
  }

  /**
   * Writes the answers and resolves with the payloads when the stream is closed. Opens with the first event, or when that takes long: what
   * fails sooner is thrown, so that it is told by the status, which clients try again after. A later error becomes a last
   * `data: {"error": …}`, then `BrokenAnswer`.
   */
  async run({ events: source, frame, count, includeUsage }: StreamedAnswer, reply: FastifyReply): Promise<readonly string[]> {
    const { first, events } = startPulling(source);
    await this.shortly(first);
    const stream = new EventStream(reply, this.config);
    const sent: string[] = [];
    const send = (payload: object): Promise<void> => {
      const data = JSON.stringify(payload);
      sent.push(data);
      return stream.send({ data });
    };
    try {
      await send(toOpening(frame, count));
      const usages: TurnUsage[] = [];
      for await (const step of events) {
        await send(toChunk(frame, step));
        if (step.event.kind === 'end') usages.push(step.event.end.usage);
      }
      if (includeUsage) await send(toUsageChunk(frame, usages));
      await stream.send({ data: '[DONE]' });
      return sent;
    } catch (thrown) {
      const error = toDomainError(thrown);
      this.logger.log(error.logLevel, 'answer broke off', { code: error.code, err: error });
      await stream.send({ data: JSON.stringify(toEnvelope(error)) });
      throw new BrokenAnswer('the answer broke off', { cause: error });
    } finally {
      stream.close();
    }
  }

  /** Waits for the first event, but not for long. Throws what it throws. */
  private async shortly(first: Promise<unknown>): Promise<void> {
    const waiting = new AbortController();
    try {
      await Promise.race([first, this.clock.sleep(this.config.sseOpenMs, waiting.signal)]);
    } finally {
      waiting.abort();
    }
  }

  /** Writes the payloads of an earlier answer again. */
  async replay(payloads: unknown, reply: FastifyReply): Promise<void> {
    const stream = new EventStream(reply, this.config);
    for (const payload of Array.isArray(payloads) ? payloads : []) await stream.send({ data: String(payload) });
    await stream.send({ data: '[DONE]' });
    stream.close();
  }

  /** The same steps, with the turn's metrics taken on the way. */
  async *noted(events: AsyncIterable<ChoiceEvent>): AsyncGenerator<ChoiceEvent> {
    const stop = this.instruments.turnFirstTextSeconds.startTimer();
    let finish = 'broken';
    let texts = 0;
    this.instruments.turnsActive.inc();
    try {
      for await (const step of events) {
        if (step.event.kind === 'text' && texts++ === 0) stop();
        if (step.event.kind === 'end') finish = step.event.end.reason;
        yield step;
      }
    } finally {
      this.instruments.turnsActive.dec();
      this.instruments.turnsTotal.inc({ finish });
    }
  }
}
