/** The categories of a policy, in the order in which text scores come (the 13 of OpenAI's moderation API). */
export const CATEGORIES = [
  'hate',
  'hate/threatening',
  'harassment',
  'harassment/threatening',
  'illicit',
  'illicit/violent',
  'self-harm',
  'self-harm/intent',
  'self-harm/instructions',
  'sexual',
  'sexual/minors',
  'violence',
  'violence/graphic',
] as const;

/** One category. */
export type Category = (typeof CATEGORIES)[number];

/** The category of flagged pictures. */
export const PICTURE_CATEGORY: Category = 'sexual';

/** True for the id of a category. */
export function isCategory(value: unknown): value is Category {
  return (CATEGORIES as readonly unknown[]).includes(value);
}
