import { type ConverseRequest, type ConverseResponse, FinishReason, type Finish, Role, VideoMode as WireMode } from '@gpt4video/contracts/gen/gpt4video/dialogue/v1/dialogue_service';
import type { DialogueEvent, DialogueRequest } from '../../core/chat/dialogue.js';
import type { PreparedMessage, VideoMode } from '../../core/chat/turn.js';

const ROLES = { system: Role.ROLE_SYSTEM, user: Role.ROLE_USER, assistant: Role.ROLE_ASSISTANT } as const;
const MODES: Readonly<Record<VideoMode, WireMode>> = { auto: WireMode.VIDEO_MODE_AUTO, none: WireMode.VIDEO_MODE_NONE, required: WireMode.VIDEO_MODE_REQUIRED };

/** A turn as the dialogue stage reads it. */
export function toConverseRequest({ messages, sampling, videoMode }: DialogueRequest): ConverseRequest {
  return {
    messages: messages.map(toMessage),
    sampling: { ...sampling, topK: 0, stop: [...sampling.stop] },
    videoMode: MODES[videoMode],
  };
}

/** A step of the answer; undefined for a kind that we do not know yet. */
export function fromResponse({ event }: ConverseResponse): DialogueEvent | undefined {
  if (event?.$case === 'text') return { kind: 'text', text: event.text.text };
  if (event?.$case === 'caption') return { kind: 'caption', index: event.caption.index, caption: event.caption.caption };
  if (event?.$case === 'finish') return fromFinish(event.finish);
  return undefined;
}

function toMessage({ role, content }: PreparedMessage): ConverseRequest['messages'][number] {
  return {
    role: ROLES[role],
    content: content.map((part) => ({ part: part.kind === 'text' ? { $case: 'text', text: part.text } : { $case: 'video', video: { ...part.video } } })),
  };
}

function fromFinish(finish: Finish): DialogueEvent {
  const { promptTokens, videoTokens, completionTokens, cachedTokens, visionMs, firstTokenMs, modelMs, bundleRevision } = finish;
  const reason = finish.reason === FinishReason.FINISH_REASON_LENGTH ? 'length' : 'stop';
  return { kind: 'finish', reason, promptTokens, videoTokens, completionTokens, cachedTokens, visionMs, firstTokenMs, modelMs, bundleRevision };
}
