import { Injectable } from '@nestjs/common';
import type { OpenSpan } from '@gpt4video/platform/tracing';
import { tracedStream } from '@gpt4video/platform/traced-stream';
import { ConverseService } from '../core/converse.service.js';
import type { AnswerEnd, AnswerEvent, Turn } from '../core/turn.js';

/** Tells each answer as a span of the model: what was asked for, the first token, and what it took; never what was said. */
@Injectable()
export class TracedConverse extends ConverseService {
  override converse(turn: Turn, signal: AbortSignal): AsyncGenerator<AnswerEvent> {
    const { temperature, topP, seed } = turn.sampling;
    const attributes = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'gpt4video',
      'gen_ai.output.type': 'text',
      'gen_ai.request.max_tokens': turn.maxTokens,
      'gen_ai.request.seed': seed,
      'gen_ai.request.temperature': temperature,
      'gen_ai.request.top_p': topP,
    };
    return tracedStream('chat', { attributes }, (span) => this.told(super.converse(turn, signal), span));
  }

  private async *told(events: AsyncIterable<AnswerEvent>, span: OpenSpan): AsyncGenerator<AnswerEvent> {
    let said = false;
    for await (const event of events) {
      if (event.kind === 'finish') span.set(usageOf(event.end));
      else if (!said) span.event('gen_ai.first_token');
      said = true;
      yield event;
    }
  }
}

function usageOf(end: AnswerEnd) {
  return {
    'gen_ai.response.model': end.bundleRevision,
    'gen_ai.response.finish_reasons': [end.reason],
    'gen_ai.response.time_to_first_chunk': end.firstTokenMs / 1_000,
    'gen_ai.usage.input_tokens': end.promptTokens + end.videoTokens,
    'gen_ai.usage.output_tokens': end.completionTokens,
    'gen_ai.usage.cache_read.input_tokens': end.cachedTokens,
    'gpt4video.usage.video_tokens': end.videoTokens,
  };
}
