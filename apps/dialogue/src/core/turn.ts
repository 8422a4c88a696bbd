import type { TurnMessage } from '@gpt4video/model/language/prompt-template';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import type { SamplingOptions } from '@gpt4video/ports/language-model';

/** Whether the model may ask for a video. */
export type VideoMode = 'auto' | 'none' | 'required';

/** One turn to answer. */
export interface Turn {
  /** The conversation, oldest first; the last message is the user's. */
  readonly messages: readonly TurnMessage<AssetRef>[];
  /** What is absent is taken from the bundle's defaults. */
  readonly sampling: Partial<SamplingOptions>;
  /** Most tokens to generate; the bundle's default when absent. */
  readonly maxTokens?: number | undefined;
  /** Strings that end the answer, not part of it. */
  readonly stop: readonly string[];
  readonly videoMode: VideoMode;
}

/** How an answer ended. */
export interface AnswerEnd {
  readonly reason: 'stop' | 'length';
  /** Text tokens of the prompt. */
  readonly promptTokens: number;
  /** Visual tokens of the prompt. */
  readonly videoTokens: number;
  readonly completionTokens: number;
  /** Prompt tokens taken from the prefix cache. */
  readonly cachedTokens: number;
  /** Milliseconds from the start of prefill to the first token. */
  readonly firstTokenMs: number;
  /** Milliseconds in the language model. */
  readonly modelMs: number;
  /** Milliseconds until the visual tokens of every video were there. */
  readonly visionMs: number;
  readonly bundleRevision: string;
  readonly seed: number;
}

/** One step of an answer; `finish` is the last. */
export type AnswerEvent =
  | { readonly kind: 'text'; /** Never holds tags. */ readonly text: string }
  | { readonly kind: 'caption'; /** From 0. */ readonly index: number; readonly caption: string; /** True when the text encoder does not read all of it. */ readonly truncated: boolean }
  | { readonly kind: 'finish'; readonly end: AnswerEnd };
