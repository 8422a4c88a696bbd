import { DomainError } from '@gpt4video/ports/errors';

/** The wording around turns and videos: data of the bundle, exactly what the model was trained on. */
export interface PromptTemplate {
  /** What the model is told about itself. */
  readonly system: string;
  /** Opens a turn; `{role}` is replaced. */
  readonly turnOpen: string;
  /** Opens the turns of each role instead of `turnOpen`, where a family of models has no common form. */
  readonly openings?: Readonly<Record<Role, string>> | undefined;
  readonly turnClose: string;
  /** Stand before and after the visual tokens. */
  readonly videoOpen: string;
  readonly videoClose: string;
}

/** Who speaks. */
export type Role = 'system' | 'user' | 'assistant';

/** One piece of a message, in the order in which it was given; `V` is whatever names a video. */
export type ContentPart<V> = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'video'; readonly video: V };

/** One message of the conversation. */
export interface TurnMessage<V> {
  readonly role: Role;
  readonly content: readonly ContentPart<V>[];
}

/**
 * A run of the prompt. Text is tokenised with special tokens recognised only where `special` is true: the template's own
 * words. What people wrote is never special, so that a typed `<|im_end|>` cannot close a turn.
 */
export type PromptSegment<V> = { readonly kind: 'text'; readonly text: string; readonly special: boolean } | { readonly kind: 'video'; readonly video: V };

/**
 * Lays a conversation out as the model was trained to read it, open for the assistant's next words. Videos stand where
 * they were given, each as `<video>` + visual tokens + `</video>` + newline. System messages are added to the template's own.
 * Throws `invalid_request` when the last message is not the user's or a turn is empty or a video stands outside a user turn.
 */
export function renderPrompt<V>(messages: readonly TurnMessage<V>[], template: PromptTemplate): PromptSegment<V>[] {
  checkMessages(messages);
  const segments: PromptSegment<V>[] = [];
  const turns = messages.filter(({ role }) => role !== 'system');
  segments.push(opening('system', template), { kind: 'text', text: template.system, special: false });
  for (const { content } of messages.filter(({ role }) => role === 'system')) segments.push(...render(content, template).map(afterNewline));
  segments.push(words(template.turnClose));
  for (const { role, content } of turns) segments.push(opening(role, template), ...render(content, template), words(template.turnClose));
  segments.push(opening('assistant', template));
  return merge(segments);
}

function render<V>(content: readonly ContentPart<V>[], { videoOpen, videoClose }: PromptTemplate): PromptSegment<V>[] {
  const segments: PromptSegment<V>[] = [];
  content.forEach((part, position) => {
    const before = content[position - 1];
    // A line of its own for each part; a video already ends its line.
    const gap = before?.kind === 'text' && !before.text.endsWith('\n') ? '\n' : '';
    if (part.kind === 'text') return segments.push(spoken(gap + part.text));
    return segments.push(spoken(gap + videoOpen), part, spoken(`${videoClose}\n`));
  });
  return segments;
}

function opening<V>(role: Role, { turnOpen, openings }: PromptTemplate): PromptSegment<V> {
  return words(openings?.[role] ?? turnOpen.replaceAll('{role}', role));
}

function words<V>(text: string): PromptSegment<V> {
  return { kind: 'text', text, special: true };
}

function spoken<V>(text: string): PromptSegment<V> {
  return { kind: 'text', text, special: false };
}

function afterNewline<V>(segment: PromptSegment<V>, position: number): PromptSegment<V> {
  return position === 0 && segment.kind === 'text' ? { ...segment, text: `\n${segment.text}` } : segment;
}

function merge<V>(segments: readonly PromptSegment<V>[]): PromptSegment<V>[] {
  const merged: PromptSegment<V>[] = [];
  for (const segment of segments) {
    const last = merged.at(-1);
    if (segment.kind === 'text' && segment.text === '') continue;
    if (segment.kind === 'text' && last?.kind === 'text' && last.special === segment.special) merged[merged.length - 1] = { ...last, text: last.text + segment.text };
    else merged.push(segment);
  }
  return merged;
}

function checkMessages<V>(messages: readonly TurnMessage<V>[]): void {
  if (messages.at(-1)?.role !== 'user') throw invalid('The last message must be the user’s; add what you want to ask.', 'messages');
  messages.forEach(({ role, content }, index) => {
    if (content.every((part) => part.kind === 'text' && part.text === '')) throw invalid(`Message ${index} is empty; give it text or a video, or leave it out.`, `messages[${index}].content`);
    if (role !== 'user' && content.some(({ kind }) => kind === 'video')) throw invalid(`Message ${index} is the ${role}’s and holds a video; only user messages may.`, `messages[${index}].content`);
  });
}

function invalid(message: string, param: string): DomainError {
  return new DomainError('invalid_request', message, { param });
}
