/** A video that an earlier answer holds. */
export interface AnswerVideo {
  readonly id: string;
  readonly caption: string;
}

/** A link as `captionLink` writes it, also with a host in front; the label may hold escaped brackets. */
const LINK = /\[▶ ((?:\\.|[^\\\]])*)\]\((?:https?:\/\/[^\s()/]+)?\/v1\/videos\/([A-Za-z0-9_-]+)\/content\)/gu;
/** A caption between tags, on one line or several. */
const TAGGED = /<(video\d{0,3}|vid\d{1,3})>([^<]*)<\/\1>/gu;
/** What Markdown would read as markup inside a link's label. */
const MARKUP = /[\\[\]*_`<>!]/gu;

/** The Markdown link that a reader sees where an answer made a video: `[▶ caption](/v1/videos/{id}/content)`. */
export function captionLink({ id, caption }: AnswerVideo): string {
  return `[▶ ${caption.replace(MARKUP, '\\$&')}](/v1/videos/${id}/content)`;
}

/**
 * Turns an answer as clients keep it into the form that the model was trained on: each link becomes `<video>caption</video>`.
 * `videos` (the message's own list) wins over the label; a video whose link was removed is added at the end.
 */
export function linksToTags(text: string, videos: readonly AnswerVideo[] = []): string {
  const captions = new Map(videos.map(({ id, caption }) => [id, caption]));
  const linked = new Set<string>();
  const tagged = text.replace(LINK, (_, label: string, id: string) => {
    linked.add(id);
    return tag(captions.get(id) ?? label.replace(/\\(.)/gu, '$1'));
  });
  const rest = videos.filter(({ id }) => !linked.has(id)).map(({ caption }) => tag(caption));
  return [tagged, ...rest].filter((part) => part !== '').join(tagged === '' || /\s$/u.test(tagged) ? '' : ' ');
}

/** The other way: each `<video>caption</video>` becomes the link of the next of `ids`; a caption without an id is dropped. */
export function tagsToLinks(text: string, ids: readonly string[]): string {
  let next = 0;
  return text.replace(TAGGED, (_, __, caption: string) => {
    const id = ids[next++];
    return id === undefined ? '' : captionLink({ id, caption: caption.trim() });
  });
}

function tag(caption: string): string {
  // A bracket in a caption could open or close a tag.
  return `<video>${caption.replace(/[<>]/gu, ' ').trim()}</video>`;
}
