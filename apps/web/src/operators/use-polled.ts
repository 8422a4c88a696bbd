import { useEffect, useState } from 'react';
import { sentenceOf } from '../api/api-error';
import { read } from '../api/call';

/** What an operators' route tells, read again and again. */
export interface Polled<T> {
  readonly value?: T;
  /** Why the value is old or missing. */
  readonly error?: string;
}

/** Reads the path every `everyMs` while the page is seen; nothing for an undefined path. */
export function usePolled<T>(path: string | undefined, everyMs: number): Polled<T> {
  const [polled, setPolled] = useState<Polled<T>>({});
  useEffect(() => {
    if (path === undefined) return undefined;
    const control = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    setPolled({});
    const look = async (): Promise<void> => {
      try {
        if (!document.hidden) setPolled({ value: await read<T>(path, { signal: control.signal }, 'operator') });
      } catch (error) {
        if (!control.signal.aborted) setPolled(({ value }) => ({ ...(value === undefined ? {} : { value }), error: sentenceOf(error) }));
      }
      if (!control.signal.aborted) timer = setTimeout(() => void look(), everyMs);
    };
    void look();
    return () => {
      control.abort();
      clearTimeout(timer);
    };
  }, [path, everyMs]);
  return polled;
}
