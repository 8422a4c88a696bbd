import { useEffect, useState } from 'react';
import { objectUrl } from '../api/client';

/** An object URL for a protected path, tried again while the server is still making it; undefined until it is there. */
export function useObjectUrl(path: string | undefined): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (path === undefined) return undefined;
    let gone = false;
    let made: string | undefined;
    const load = async (tries: number): Promise<void> => {
      try {
        made = await objectUrl(path);
        if (gone) URL.revokeObjectURL(made);
        else setUrl(made);
      } catch {
        if (!gone && tries > 0) setTimeout(() => void load(tries - 1), 700);
      }
    };
    void load(12);
    return () => {
      gone = true;
      if (made !== undefined) URL.revokeObjectURL(made);
    };
  }, [path]);
  return url;
}
