const MEDIA_ENDING = /\.(mp4|m4v|webm|mov|mkv|avi|gif)$/i;

/** Links to clips in a pasted text, and what is left of it. A text that is one link is taken for a clip; in a longer one only what ends like a video. */
export function clipLinksIn(pasted: string): { readonly links: readonly string[]; readonly rest: string } {
  const words = pasted.trim().split(/\s+/);
  const alone = words.length === 1;
  const links = words.filter((word) => isLink(word) && (alone || MEDIA_ENDING.test(new URL(word).pathname)));
  if (links.length === 0) return { links, rest: pasted };
  return { links, rest: words.filter((word) => !links.includes(word)).join(' ') };
}

/** A short name for a link: its file, or its host. */
export function nameOfLink(link: string): string {
  const { pathname, hostname } = new URL(link);
  return decodeURIComponent(pathname.split('/').findLast((part) => part !== '') ?? hostname);
}

function isLink(word: string): boolean {
  return /^https?:\/\//i.test(word) && URL.canParse(word);
}
