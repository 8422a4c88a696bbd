/** auto: as the system says. */
export type Theme = 'auto' | 'light' | 'dark';

const STORAGE = 'gpt4video.theme';
const NEXT: Readonly<Record<Theme, Theme>> = { auto: 'light', light: 'dark', dark: 'auto' };

/** The theme that the person has chosen. */
export function chosenTheme(): Theme {
  const stored = localStorage.getItem(STORAGE);
  return stored === 'light' || stored === 'dark' ? stored : 'auto';
}

/** Shows the page in the theme and remembers it. Every colour of the styles follows `color-scheme`. */
export function applyTheme(theme: Theme): void {
  document.documentElement.style.colorScheme = theme === 'auto' ? 'light dark' : theme;
  localStorage.setItem(STORAGE, theme);
}

/** The one after. */
export function nextTheme(theme: Theme): Theme {
  return NEXT[theme];
}
