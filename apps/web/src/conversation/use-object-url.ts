import { useEffect, useState } from 'react';
import { call } from '../api/call';
import { waitBeforeRetry } from '../api/patience';

/** An object URL for bytes behind the key, since a browser sends no key with an image or a video; undefined until they are there. */
export function useObjectUrl(path: string | undefined): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (path === undefined) return undefined;
    const control = new AbortController();
    let made: string | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const load = async (attempt: number): Promise<void> => {
      try {
        const blob = await (await call(path, { signal: control.signal })).blob();
        if (control.signal.aborted) return;
        made = URL.createObjectURL(blob);
        setUrl(made);
      } catch (error) {
        const wait = control.signal.aborted ? undefined : waitBeforeRetry(error, attempt);
        if (wait !== undefined) timer = setTimeout(() => void load(attempt + 1), wait);
      }
    };
    void load(0);
    return () => {
      control.abort();
      clearTimeout(timer);
      setUrl(undefined);
      if (made !== undefined) URL.revokeObjectURL(made);
    };
  }, [path]);
  return url;
}
