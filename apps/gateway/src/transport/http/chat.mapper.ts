import { randomInt } from 'node:crypto';
import type { MessagePart, Turn, TurnMessage, TurnSampling } from '../../core/chat/turn.js';
import type { FilmOptions } from '../../core/generations/film-options.js';
import type { ModelCard } from '../../core/models/model-catalog.js';
import type { ChatRequest } from './chat.schema.js';
import { mediaOf } from './media-url.js';

/** What surrounds a request. */
export interface ChatCaller {
  readonly tenantId: string;
  readonly card: ModelCard;
  readonly traceparent: string;
}

/** A request as the core reads it. Throws for a media reference that cannot be read. */
export function toTurn(request: ChatRequest, { tenantId, card, traceparent }: ChatCaller): Turn {
  const { mode = 'auto', wait = false } = request.video_generation ?? {};
  return {
    tenantId,
    card,
    traceparent,
    messages: request.messages.map(toMessage),
    sampling: toSampling(request, card),
    videoMode: mode,
    waitForFilms: wait,
    film: toFilmOptions(request),
  };
}

function toSampling(request: ChatRequest, { sampling }: ModelCard): TurnSampling {
  return {
    temperature: request.temperature ?? sampling.temperature,
    topP: request.top_p ?? sampling.topP,
    repetitionPenalty: sampling.repetitionPenalty,
    seed: request.seed ?? randomInt(2 ** 31 - 1),
    maxTokens: request.max_completion_tokens ?? request.max_tokens ?? sampling.maxTokens,
    stop: request.stop === null || request.stop === undefined ? [] : [request.stop].flat(),
  };
}

/** A film's noise follows the turn's seed, so that the same request makes the same film. */
function toFilmOptions({ video_generation: asked, seed: turnSeed }: ChatRequest): FilmOptions {
  const seed = asked?.seed ?? turnSeed ?? undefined;
  const options = { size: asked?.size, seconds: asked?.seconds, fps: asked?.fps, seed, steps: asked?.steps, guidanceScale: asked?.guidance_scale, negativePrompt: asked?.negative_prompt };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function toMessage(message: ChatRequest['messages'][number], index: number): TurnMessage {
  const role = message.role === 'developer' ? 'system' : message.role;
  const content = message.content ?? '';
  const parts: readonly MessagePart[] = typeof content === 'string' ? [{ kind: 'text', text: content }] : content.map((part, at) => toPart(part, `messages[${index}].content[${at}]`));
  return message.role === 'assistant' && message.videos !== undefined ? { role, content: parts, videos: message.videos } : { role, content: parts };
}

type WirePart = Exclude<ChatRequest['messages'][number]['content'], string | null | undefined>[number];

function toPart(part: WirePart, param: string): MessagePart {
  if (part.type === 'text') return { kind: 'text', text: part.text };
  if (part.type === 'file') return { kind: 'file', fileId: part.file.file_id, param: `${param}.file.file_id` };
  if (part.type === 'image_url') return mediaOf(part.image_url.url, `${param}.image_url.url`);
  return mediaOf(part.video_url.url, `${param}.video_url.url`);
}
