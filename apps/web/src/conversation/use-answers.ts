import { type Dispatch, useCallback, useEffect, useRef } from 'react';
import { answer } from '../api/answer';
import { sentenceOf } from '../api/api-error';
import { newId } from '../new-id';
import type { AnswerRequest, Clip, Entry, Film } from './entry';
import { currentEntries, type Library, type LibraryAction } from './library';
import { toMessages, toQuestion } from './to-messages';

/** What a person can do about answers, in the conversation that is shown. */
export interface Answers {
  ask(text: string, clips: readonly Clip[]): void;
  remix(film: Film, prompt: string, question: string): void;
  retry(entry: Entry): void;
  stop(entry: Entry): void;
}

/** Asks for answers and brings what comes into the library; goes on with those that a reload has cut off. */
export function useAnswers(library: Library, dispatch: Dispatch<LibraryAction>): Answers {
  const running = useRef(new Map<string, AbortController>());

  const run = useCallback(
    async (id: string, entry: string, request: AnswerRequest) => {
      const control = new AbortController();
      running.current.set(entry, control);
      const tell = (change: Extract<LibraryAction, { kind: 'changed' }>['change']): void => dispatch({ kind: 'changed', id, at: Date.now(), change });
      try {
        for await (const event of answer(request, control.signal)) tell({ ...event, entry });
      } catch (error) {
        if (!control.signal.aborted) tell({ kind: 'failed', entry, error: sentenceOf(error) });
      } finally {
        if (running.current.get(entry) === control) running.current.delete(entry);
      }
    },
    [dispatch],
  );

  useEffect(() => {
    const controls = running.current;
    for (const { id, entries } of library.conversations) {
      for (const { id: entry, phase, request } of entries) if (phase === 'writing' && request !== undefined) void run(id, entry, request);
    }
    return () => {
      for (const control of controls.values()) control.abort();
    };
    // Only what the page finds when it opens; later ones are run as they are asked.
  }, [run]);

  const begin = (text: string, clips: readonly Clip[], request: AnswerRequest): void => {
    const id = library.current;
    const entry = newId();
    dispatch({ kind: 'changed', id, at: Date.now(), change: { kind: 'asked', question: newId(), entry, text, clips, request } });
    void run(id, entry, request);
  };

  return {
    ask: (text, clips) => {
      // With its seed, a request that was cut off is answered in the same words when it is sent again.
      const seed = (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) >>> 1;
      begin(text, clips, { kind: 'chat', key: newId(), seed, messages: [...toMessages(currentEntries(library)), toQuestion({ text, clips })] });
    },
    remix: (film, prompt, question) => begin(question, [], { kind: 'remix', key: newId(), filmId: film.id, prompt }),
    retry: ({ id: entry, request }) => {
      if (request === undefined) return;
      dispatch({ kind: 'changed', id: library.current, at: Date.now(), change: { kind: 'retried', entry } });
      void run(library.current, entry, request);
    },
    stop: ({ id: entry }) => {
      running.current.get(entry)?.abort();
      dispatch({ kind: 'changed', id: library.current, at: Date.now(), change: { kind: 'stopped', entry } });
    },
  };
}
