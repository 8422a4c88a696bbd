import { useState } from 'react';
import { Icon } from '../icon';
import { applyTheme, chosenTheme, nextTheme } from './theme';

const WORDS = { auto: 'as the system', light: 'light', dark: 'dark' } as const;

/** Light, dark, or as the system says. */
export function ThemeToggle() {
  const [theme, setTheme] = useState(chosenTheme);
  const advance = (): void => {
    const next = nextTheme(theme);
    applyTheme(next);
    setTheme(next);
  };
  const label = `Colours: ${WORDS[theme]}. Change to ${WORDS[nextTheme(theme)]}`;
  return (
    <button type="button" className="plain square" aria-label={label} title={label} onClick={advance}>
      <Icon name={theme} />
    </button>
  );
}
