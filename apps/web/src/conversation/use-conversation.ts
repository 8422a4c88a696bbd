import { useCallback, useEffect, useReducer, useRef } from 'react';
import { streamAnswer } from '../api/answer-stream';
import { type Clip, type Entry, reduce, remember, restore, toMessages } from './state';

/** The conversation and what a person can do with it. */
export interface Conversation {
  readonly entries: readonly Entry[];
  readonly busy: boolean;
  ask(text: string, clips: readonly Clip[]): Promise<void>;
  stop(): void;
  clear(): void;
}

/** Holds the conversation, streams answers into it, and keeps it over reloads. */
export function useConversation(): Conversation {
  const [entries, dispatch] = useReducer(reduce, undefined, restore);
  const running = useRef<AbortController | null>(null);
  const busy = entries.at(-1)?.phase === 'writing';
  useEffect(() => remember(entries), [entries]);

  const ask = useCallback(
    async (text: string, clips: readonly Clip[]) => {
      const question = { kind: 'asked', id: Date.now(), text, clips } as const;
      dispatch(question);
      running.current = new AbortController();
      try {
        const messages = toMessages(reduce(entries, question));
        for await (const event of streamAnswer(messages, running.current.signal)) {
          if (event.kind === 'text') dispatch({ kind: 'wrote', text: event.text });
          else if (event.kind === 'films') dispatch({ kind: 'filmed', films: event.films });
          else dispatch({ kind: 'finished', reason: event.reason });
        }
      } catch (error) {
        if (running.current.signal.aborted) dispatch({ kind: 'finished', reason: 'stop' });
        else dispatch({ kind: 'failed', error: error instanceof Error ? error.message : 'The connection was lost.' });
      }
    },
    [entries],
  );

  return { entries, busy, ask, stop: () => running.current?.abort(), clear: () => dispatch({ kind: 'cleared' }) };
}
