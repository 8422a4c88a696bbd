import { Icon } from './icon';
import { ThemeToggle } from './theme/theme-toggle';

interface Props {
  /** Whether the list of conversations is open, where the page is too narrow to show it always. */
  readonly menu?: boolean;
  onMenu?(): void;
}

/** Name of the page, and the ways to its parts. */
export function Header({ menu, onMenu }: Props) {
  return (
    <header>
      {onMenu !== undefined && (
        <button type="button" className="plain square menu" aria-label="Conversations" aria-expanded={menu === true} onClick={onMenu}>
          <Icon name="list" />
        </button>
      )}
      <h1>
        <a href="/">GPT4Video</a>
      </h1>
      <nav aria-label="Page">
        <a className="plain" href="/operators" aria-current={location.pathname === '/operators' ? 'page' : undefined}>
          Operators
        </a>
        <ThemeToggle />
      </nav>
    </header>
  );
}
