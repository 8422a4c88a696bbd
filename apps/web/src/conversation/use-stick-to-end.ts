import { type RefObject, useEffect, useRef } from 'react';

/** Pixels from the end within which a person is taken to read along. */
const NEAR = 120;

/** A scrolled element that follows what is added at its end, unless the person has scrolled away; `reset` brings it to the end. */
export function useStickToEnd(reset: string): RefObject<HTMLElement | null> {
  const element = useRef<HTMLElement>(null);
  useEffect(() => {
    const scrolled = element.current;
    if (scrolled === null) return undefined;
    let near = true;
    const toEnd = (): void => void (near && scrolled.scrollTo({ top: scrolled.scrollHeight }));
    const look = (): void => void (near = scrolled.scrollHeight - scrolled.scrollTop - scrolled.clientHeight < NEAR);
    const observer = new ResizeObserver(toEnd);
    const inside = scrolled.firstElementChild;
    if (inside !== null) observer.observe(inside);
    scrolled.addEventListener('scroll', look, { passive: true });
    toEnd();
    return () => {
      observer.disconnect();
      scrolled.removeEventListener('scroll', look);
    };
  }, [reset]);
  return element;
}
