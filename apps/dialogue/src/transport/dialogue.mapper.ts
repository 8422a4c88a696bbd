import { requireAssetRef } from '@gpt4video/contracts/asset-wire';
import {
  FinishReason,
  Role as WireRole,
  VideoMode as WireVideoMode,
  type ContentPart as WireContentPart,
  type ConverseRequest,
  type ConverseResponse,
  type Message,
} from '@gpt4video/contracts/gen/gpt4video/dialogue/v1/dialogue_service';
import type { ContentPart, Role, TurnMessage } from '@gpt4video/model/language/prompt-template';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { DomainError } from '@gpt4video/ports/errors';
import type { AnswerEvent, Turn, VideoMode } from '../core/turn.js';
import { samplingOf } from './sampling.mapper.js';

const ROLES: Readonly<Partial<Record<WireRole, Role>>> = {
  [WireRole.ROLE_SYSTEM]: 'system',
  [WireRole.ROLE_USER]: 'user',
  [WireRole.ROLE_ASSISTANT]: 'assistant',
};

const VIDEO_MODES: Readonly<Partial<Record<WireVideoMode, VideoMode>>> = {
  [WireVideoMode.VIDEO_MODE_UNSPECIFIED]: 'auto',
  [WireVideoMode.VIDEO_MODE_AUTO]: 'auto',
  [WireVideoMode.VIDEO_MODE_NONE]: 'none',
  [WireVideoMode.VIDEO_MODE_REQUIRED]: 'required',
};

/** The turn of a request. Throws `invalid_request` naming the field. */
export function turnOf(request: ConverseRequest): Turn {
  const videoMode = VIDEO_MODES[request.videoMode];
  if (videoMode === undefined) throw refused('video_mode', 'is unknown; send AUTO, NONE or REQUIRED');
  if (request.messages.length === 0) throw refused('messages', 'is empty; send at least the question');
  return { messages: request.messages.map(messageOf), videoMode, ...samplingOf(request.sampling) };
}

/** One step of an answer on the wire. */
export function eventToWire(event: AnswerEvent): ConverseResponse {
  if (event.kind === 'text') return { event: { $case: 'text', text: { text: event.text } } };
  if (event.kind === 'caption') {
    const { index, caption, truncated } = event;
    return { event: { $case: 'caption', caption: { index, caption, truncated } } };
  }
  const reason = event.end.reason === 'length' ? FinishReason.FINISH_REASON_LENGTH : FinishReason.FINISH_REASON_STOP;
  return { event: { $case: 'finish', finish: { ...event.end, reason } } };
}

function messageOf(message: Message, index: number): TurnMessage<AssetRef> {
  const param = `messages[${index}]`;
  const role = ROLES[message.role];
  if (role === undefined) throw refused(`${param}.role`, 'is unknown; send SYSTEM, USER or ASSISTANT');
  const content = message.content.map((part, position) => partOf(part, `${param}.content[${position}]`));
  if (content.every((part) => part.kind === 'text' && part.text.trim() === '')) throw refused(`${param}.content`, 'is empty; give it text or a video');
  return { role, content };
}

function partOf({ part }: WireContentPart, param: string): ContentPart<AssetRef> {
  if (part === undefined) throw refused(param, 'holds neither text nor video');
  if (part.$case === 'text') return { kind: 'text', text: part.text };
  return { kind: 'video', video: requireAssetRef(part.video, `${param}.video`) };
}

function refused(param: string, what: string): DomainError {
  return new DomainError('invalid_request', `The field "${param}" ${what}.`, { param });
}
