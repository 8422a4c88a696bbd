import type { ChoiceEvent } from './chat-choices.js';
import type { ReservedTokens } from './token-limit.js';

/**
 * The same events; in the end the reservation is settled with what the answers took. What fails before the first event took nothing, and what
 * breaks off after it keeps its reservation: nobody knows what it took.
 */
export async function* metered(events: AsyncIterable<ChoiceEvent>, tokens: ReservedTokens): AsyncGenerator<ChoiceEvent> {
  let took = 0;
  let answering = false;
  try {
    for await (const step of events) {
      answering = true;
      if (step.event.kind === 'end') {
        const { textTokens, videoTokens, completionTokens } = step.event.end.usage;
        took += textTokens + videoTokens + completionTokens;
      }
      yield step;
    }
    answering = false;
  } finally {
    if (!answering) await tokens.settle(took);
  }
}
