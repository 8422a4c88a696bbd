import type { AssetRef } from '@gpt4video/ports/asset-ref';
import type { BlockingVerdict } from '@gpt4video/ports/errors';
import type { FilmOptions } from '../generations/film-options.js';
import type { GenerationStatus } from '../generations/generation.js';
import type { ModelCard } from '../models/model-catalog.js';
import type { Verdict } from '../screening/screener.js';

/** Who speaks. */
export type Role = 'system' | 'user' | 'assistant';

/** A picture or video: a file of the tenant, its bytes, or where it is on the web. `param` names it in the request. */
export type MediaPart =
  | { readonly kind: 'file'; readonly fileId: string; readonly param: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly mediaType: string; readonly param: string }
  | { readonly kind: 'remote'; readonly url: string; readonly param: string };

/** One piece of a message: words, or a picture or video. */
export type MessagePart = { readonly kind: 'text'; readonly text: string } | MediaPart;

/** One message as the client sent it. */
export interface TurnMessage {
  readonly role: Role;
  readonly content: readonly MessagePart[];
  /** The videos of an earlier answer, where the client kept them; they win over the links in its text. */
  readonly videos?: readonly { readonly id: string; readonly caption: string }[];
}

/** How tokens are chosen. */
export interface TurnSampling {
  readonly temperature: number;
  readonly topP: number;
  readonly repetitionPenalty: number;
  readonly seed: number;
  readonly maxTokens: number;
  readonly stop: readonly string[];
}

/** Whether the answer may, must not or must hold a video. */
export type VideoMode = 'auto' | 'none' | 'required';

/** A turn to answer. */
export interface Turn {
  readonly tenantId: string;
  readonly card: ModelCard;
  readonly messages: readonly TurnMessage[];
  readonly sampling: TurnSampling;
  readonly videoMode: VideoMode;
  /** True to stay until the films are made. */
  readonly waitForFilms: boolean;
  readonly film: FilmOptions;
  readonly traceparent: string;
  /** Names the turn, the same for every try of it; absent when it cannot be repeated. */
  readonly once?: string | undefined;
}

/** A message whose media are stored. */
export interface PreparedMessage {
  readonly role: Role;
  readonly content: readonly PreparedPart[];
}

/** Words, or a stored video. */
export type PreparedPart = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'video'; readonly video: AssetRef };

/** Which file a picture or video of the request is; `param` names the part. */
export interface NamedFile {
  readonly param: string;
  readonly fileId: string;
}

/** A video of the answer. */
export interface AnswerVideo {
  /** Position among the videos of this answer, from 0. */
  readonly index: number;
  readonly id: string;
  readonly caption: string;
  readonly status: GenerationStatus;
  /** 0 to 100. */
  readonly progress: number;
}

/** What a turn took. */
export interface TurnUsage {
  readonly textTokens: number;
  readonly videoTokens: number;
  readonly completionTokens: number;
  readonly cachedTokens: number;
}

/** What screening said of a turn; absent where nothing was screened. */
export interface TurnModeration {
  readonly input?: Verdict;
  readonly output?: Verdict;
  /** Captions that were declined, in the order in which the model wrote them. */
  readonly captions?: readonly BlockingVerdict[];
}

/** How a turn ended. */
export interface TurnEnd {
  readonly reason: 'stop' | 'length' | 'content_filter';
  readonly usage: TurnUsage;
  readonly moderation: TurnModeration;
  /** Revision of the bundle that answered, empty when the turn was declined before. */
  readonly bundleRevision: string;
}

/** One step of the answer. The last one is `end`. */
export type TurnEvent =
  | { readonly kind: 'media'; readonly files: readonly NamedFile[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'video'; readonly video: AnswerVideo }
  | { readonly kind: 'end'; readonly end: TurnEnd };
