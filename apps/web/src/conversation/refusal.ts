/** Which of the three ways something was declined: the question, what the answer said, the description of a film, or the finished film. */
export interface Refusal {
  readonly kind: 'input' | 'output' | 'caption' | 'film';
  readonly category?: string;
}

/** A refusal with its category, where that is known. */
export function refusalOf(kind: Refusal['kind'], category: string | null | undefined): Refusal {
  return category ? { kind, category } : { kind };
}

/** A refusal in words. */
export interface Explanation {
  readonly title: string;
  readonly text: string;
  readonly hint: string;
}

const TITLES: Readonly<Record<Refusal['kind'], string>> = {
  input: 'I can’t help with that one',
  output: 'I stopped in the middle of that answer',
  caption: 'I can’t make that film',
  film: 'This film was held back',
};

const HINTS: Readonly<Record<Refusal['kind'], string>> = {
  input: 'Nothing else is lost: ask in another way, or about something else, and the conversation goes on.',
  output: 'What you read above was checked. Ask in another way and the conversation goes on.',
  caption: 'Describe another scene and I will gladly film it.',
  film: 'It happens that a harmless film is held back. Another description, or a remix, often gets through.',
};

const TOPICS: Readonly<Record<string, string>> = {
  harassment: 'harassment',
  'harassment/threatening': 'threats',
  hate: 'hate',
  'hate/threatening': 'hateful threats',
  illicit: 'something against the law',
  'illicit/violent': 'weapons or violent crime',
  'self-harm': 'self-harm',
  'self-harm/intent': 'self-harm',
  'self-harm/instructions': 'self-harm',
  sexual: 'sexual content',
  'sexual/minors': 'the safety of children',
  violence: 'violence',
  'violence/graphic': 'graphic violence',
};

const CARE = 'If you are having a hard time, please talk with someone you trust or with a local helpline; you do not have to be alone with it.';

/** What to tell a person about the refusal, without blame. */
export function explain({ kind, category }: Refusal): Explanation {
  const topic = category === undefined ? undefined : TOPICS[category];
  const what = { input: 'The question', output: 'The answer', caption: 'The description', film: 'What the finished film shows' }[kind];
  const text = topic === undefined ? `${what} looks like something that this service declines.` : `${what} seems to touch on ${topic}, which this service declines.`;
  return { title: TITLES[kind], text, hint: category?.startsWith('self-harm') === true ? CARE : HINTS[kind] };
}
