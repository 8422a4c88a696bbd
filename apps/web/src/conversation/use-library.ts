import { type Dispatch, useEffect, useReducer, useRef } from 'react';
import { type Library, type LibraryAction, reduceLibrary } from './library';
import { keepLibrary, restoreLibrary } from './library-storage';

/** The conversations of this browser, kept as they change. */
export function useLibrary(): readonly [Library, Dispatch<LibraryAction>] {
  const [library, dispatch] = useReducer(reduceLibrary, undefined, () => restoreLibrary(localStorage));
  const kept = useRef(library);
  useEffect(() => {
    keepLibrary(localStorage, library, kept.current);
    kept.current = library;
  }, [library]);
  return [library, dispatch];
}
