const PATHS = {
  attach: 'M20 11.5 12 19.4a5 5 0 0 1-7.1-7.1l8.5-8.4a3.3 3.3 0 0 1 4.7 4.7l-8.5 8.4a1.7 1.7 0 0 1-2.4-2.4l7.8-7.7',
  send: 'M12 19V5m-6 6 6-6 6 6',
  stop: 'M7.5 7.5h9v9h-9z',
  remix: 'M4 7h3.5c4.500 0 5 10 9.500 10H20m-2.500-2.500L20 17l-2.500 2.500M4 17h3.500c1.600 0 2.700-1.300 3.600-3M13 10c.9-1.700 2-3 4-3h3m-2.500-2.500L20 7l-2.500 2.500',
  download: 'M12 4v11m-5-5 5 5 5-5M5 20h14',
  close: 'm6 6 12 12M18 6 6 18',
  retry: 'M19.500 12a7.500 7.500 0 1 1-2.300-5.400M20 3v4.500h-4.500',
  plus: 'M12 5v14M5 12h14',
  list: 'M4 7h16M4 12h16M4 17h10',
  film: 'M5 5h14v14H5zM9 5v14M15 5v14M5 9.500h4m6 0h4M5 14.500h4m6 0h4',
  link: 'M10 14a4 4 0 0 0 5.700 0l3-3A4 4 0 0 0 13 5.300l-1 1M14 10a4 4 0 0 0-5.700 0l-3 3A4 4 0 0 0 11 18.700l1-1',
  light: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2.500v2M12 19.500v2M2.500 12h2M19.500 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M18.700 5.300l-1.400 1.400M6.700 17.300l-1.400 1.400',
  dark: 'M19.500 14.500A8 8 0 0 1 9.500 4.500a8 8 0 1 0 10 10',
  auto: 'M4 5h16v11H4zM9 20h6M12 16v4',
  spark: 'M12 3.500 14 10l6.500 2-6.500 2-2 6.500-2-6.500L3.500 12 10 10z',
  shield: 'M12 3.500 5 6v5.500c0 4.300 2.900 7.300 7 9 4.100-1.700 7-4.700 7-9V6z',
} as const;

/** The name of a drawing. */
export type IconName = keyof typeof PATHS;

/** A small drawing beside or instead of a word; the word is what a screen reader hears. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
