/** False where the person wants the screen to keep still. */
export function movesAllowed(): boolean {
  return !matchMedia('(prefers-reduced-motion: reduce)').matches;
}
