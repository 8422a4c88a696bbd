import type { BinaryWriter } from '@bufbuild/protobuf/wire';
import type { AssetRef } from './gen/gpt4video/asset/v1/asset.js';
import {
  FeaturesEncoded,
  FramesExtracted,
  GenerationFinished,
  GenerationQueued,
  SafetyDecided,
  VideoRejected,
  VideoScreened,
  VideoUnderstood,
  VideoUploaded,
} from './gen/gpt4video/events/v1/events.js';

/** The part of a generated message's codec that facts need. */
export interface MessageCodec<Message> {
  encode(message: Message): BinaryWriter;
  decode(bytes: Uint8Array): Message;
}

/** One topic: its message and what keeps its order. */
export interface Topic<Message> {
  readonly codec: MessageCodec<Message>;
  /** What the partition key is, in words. */
  readonly keyIs: string;
  /** The partition key: facts with the same key keep their order. */
  key(message: Message): string;
}

/** Every topic of the project; a CloudEvents type has the same name. */
export const TOPICS = {
  'video.uploaded': byVideo(VideoUploaded),
  'frames.extracted': byVideo(FramesExtracted),
  'features.encoded': byVideo(FeaturesEncoded),
  'video.understood': byVideo(VideoUnderstood),
  'video.screened': byVideo(VideoScreened),
  'video.rejected': byVideo(VideoRejected),
  'safety.decided': topic(SafetyDecided, 'stage of the turn', (message) => message.stage),
  'generation.queued': topic(GenerationQueued, 'id of the generation', (message) => message.generationId),
  'generation.finished': topic(GenerationFinished, 'id of the generation', (message) => message.generationId),
} as const;

/** Who consumes what: the consumer groups of each topic. A group is named like its app; deployments scale on its lag. */
export const CONSUMER_GROUPS = {
  'video.uploaded': ['frame-extractor'],
  'frames.extracted': ['clip-encoder', 'safety', 'gateway'],
  'features.encoded': ['abstractor', 'gateway'],
  'video.understood': ['gateway'],
  'video.screened': ['gateway'],
  'video.rejected': ['gateway'],
  'safety.decided': [],
  'generation.queued': ['video-generator'],
  'generation.finished': ['gateway'],
} as const satisfies Readonly<Record<TopicName, readonly string[]>>;

/** Name of a consumer group. */
export type GroupName = (typeof CONSUMER_GROUPS)[TopicName][number];

/** Name of a topic. */
export type TopicName = keyof typeof TOPICS;

/** The message that a topic carries. */
export type TopicMessage<Name extends TopicName> = (typeof TOPICS)[Name] extends Topic<infer Message> ? Message : never;

/** True when the table has the group consume the topic. */
export function isConsumedBy(topic: TopicName, group: string): boolean {
  return (CONSUMER_GROUPS[topic] as readonly string[]).includes(group);
}

/** The topic where facts wait that a group will try again later. */
export function retryTopic(topic: string, group: string): string {
  return `${topic}.${group}.retry`;
}

/** The topic of the facts that a group has given up. */
export function deadLetterTopic(topic: string, group: string): string {
  return `${topic}.${group}.dlt`;
}

/** True for a topic of the table. */
export function isTopicName(name: string): name is TopicName {
  return Object.hasOwn(TOPICS, name);
}

function topic<Message>(codec: MessageCodec<Message>, keyIs: string, key: (message: Message) => string): Topic<Message> {
  return { codec, keyIs, key };
}

function byVideo<Message extends { readonly fileId: string; readonly video: AssetRef | undefined }>(codec: MessageCodec<Message>): Topic<Message> {
  return topic(codec, 'sha256 of the video', (message) => message.video?.sha256 ?? message.fileId);
}
