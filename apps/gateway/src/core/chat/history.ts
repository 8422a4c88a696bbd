import { linksToTags } from '@gpt4video/model/language/history';
import { REFUSAL } from './refusal.js';
import type { TurnMessage } from './turn.js';

/**
 * The conversation as the model was trained on it: links to made videos are tagged captions again, and exchanges that were
 * declined are left out, so that a refused question does not decline every later turn.
 */
export function toModelHistory(messages: readonly TurnMessage[]): readonly TurnMessage[] {
  const kept = messages.filter((message, index) => !isRefusal(message) && !(message.role === 'user' && isRefusal(messages[index + 1])));
  return kept.map((message) => (message.role === 'assistant' ? withTags(message) : message));
}

function withTags({ role, content, videos }: TurnMessage): TurnMessage {
  const text = content.map((part) => (part.kind === 'text' ? part.text : '')).join('');
  return { role, content: [{ kind: 'text', text: linksToTags(text, videos) }] };
}

function isRefusal(message: TurnMessage | undefined): boolean {
  if (message?.role !== 'assistant') return false;
  const text = message.content.map((part) => (part.kind === 'text' ? part.text : '')).join('');
  return text.trim() === REFUSAL;
}
