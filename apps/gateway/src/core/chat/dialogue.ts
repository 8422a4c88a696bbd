import type { PreparedMessage, TurnSampling, VideoMode } from './turn.js';

/** What the dialogue stage is asked. */
export interface DialogueRequest {
  readonly messages: readonly PreparedMessage[];
  readonly sampling: TurnSampling;
  readonly videoMode: VideoMode;
}

/** A step of the model's answer; the last one is `finish`. Text holds no tags. */
export type DialogueEvent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'caption'; readonly index: number; readonly caption: string }
  | {
      readonly kind: 'finish';
      readonly reason: 'stop' | 'length';
      readonly promptTokens: number;
      readonly videoTokens: number;
      readonly completionTokens: number;
      readonly cachedTokens: number;
      readonly visionMs: number;
      readonly firstTokenMs: number;
      readonly modelMs: number;
      readonly bundleRevision: string;
    };

/** The stage that watches and speaks. */
export abstract class Dialogue {
  /** Streams the answer to the last user message; pulled. Leaving early or firing the signal stops the model. */
  abstract converse(request: DialogueRequest, signal: AbortSignal): AsyncIterable<DialogueEvent>;
}
