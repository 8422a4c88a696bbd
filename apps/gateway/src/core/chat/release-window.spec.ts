import { ReleaseWindow, WINDOW_MAX_CHARS } from './release-window.js';

const windowsOf = (text: string, step: number): string[] => {
  const window = new ReleaseWindow();
  const windows: string[] = [];
  for (let at = 0; at < text.length; at += step) windows.push(...window.push(text.slice(at, at + step)));
  return [...windows, window.flush()];
};

describe('ReleaseWindow', () => {
  const text = 'A red star, it seems, moves to the right by 3.5 steps. Then it stops!\nAfter that, nothing "happens." Really nothing';

  it.each([1, 2, 7, 1000])('gives the same windows however the text comes (%i characters at a time)', (step) => {
    expect(windowsOf(text, step)).toEqual(['A red star, it seems, moves to the right by 3.5 steps. ', 'Then it stops!\nAfter that, ', 'nothing "happens." Really nothing'].flat());
  });

  it('closes a window without clauses before the word that is too much', () => {
    const windows = windowsOf('word '.repeat(100), 3);
    expect(windows.join('')).toBe('word '.repeat(100));
    for (const window of windows) expect(window.length).toBeLessThanOrEqual(WINDOW_MAX_CHARS);
    expect(windows[0]).toHaveLength(WINDOW_MAX_CHARS);
  });

  it('never splits a character in two', () => {
    const windows = windowsOf(`x${'😀'.repeat(300)}`, 1);
    expect(windows.join('')).toBe(`x${'😀'.repeat(300)}`);
    for (const window of windows) expect(window.isWellFormed()).toBe(true);
  });
});
