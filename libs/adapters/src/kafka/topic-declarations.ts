import type { ITopicConfig, Kafka } from 'kafkajs';
import { CONSUMER_GROUPS, deadLetterTopic, isTopicName, retryTopic, TOPICS } from '@gpt4video/contracts/topics';

/** How topics are made, in the words of a process's configuration. */
export interface TopicSettings {
  /** Stands before every topic and group. */
  readonly kafkaPrefix: string;
  /** Partitions of a topic: the most replicas of a consumer that share its work. */
  readonly kafkaPartitions: number;
  /** Copies of a partition; -1 leaves it to the brokers. */
  readonly kafkaReplication: number;
  readonly kafkaRetentionHours: number;
}

/** A topic without its prefix, and the groups that consume it. */
export interface ConsumedTopic {
  readonly topic: string;
  readonly groups: readonly string[];
}

const HOUR_MS = 3_600_000;
// Time for a person to look, whatever the retention of the facts themselves.
const DEAD_LETTER_HOURS = 30 * 24;

/** Every topic of the project, with the groups of the table. */
export function allTopics(): readonly ConsumedTopic[] {
  return Object.keys(TOPICS).filter(isTopicName).map((topic) => ({ topic, groups: CONSUMER_GROUPS[topic] }));
}

/** Makes the topics that lack, with those for later attempts and dead letters of each group; returns their full names. */
export async function declareTopics(kafka: Kafka, topics: readonly ConsumedTopic[], settings: TopicSettings): Promise<readonly string[]> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const known = new Set(await admin.listTopics());
    const wanted = new Map(topics.flatMap((each) => declarationsOf(each, settings)).map((each) => [each.topic, each]));
    const missing = [...wanted.values()].filter(({ topic }) => !known.has(topic));
    if (missing.length > 0) await admin.createTopics({ topics: missing, waitForLeaders: true });
    return missing.map(({ topic }) => topic);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

function declarationsOf({ topic, groups }: ConsumedTopic, settings: TopicSettings): readonly ITopicConfig[] {
  const { kafkaPrefix: prefix, kafkaPartitions: partitions, kafkaRetentionHours: hours } = settings;
  const later = groups.map((group) => declaration(prefix + retryTopic(topic, group), partitions, hours, settings));
  const dead = groups.map((group) => declaration(prefix + deadLetterTopic(topic, group), 1, Math.max(hours, DEAD_LETTER_HOURS), settings));
  return [declaration(prefix + topic, partitions, hours, settings), ...later, ...dead];
}

function declaration(topic: string, numPartitions: number, hours: number, { kafkaReplication }: TopicSettings): ITopicConfig {
  const copies = kafkaReplication >= 3 ? [{ name: 'min.insync.replicas', value: '2' }] : [];
  return { topic, numPartitions, replicationFactor: kafkaReplication, configEntries: [{ name: 'cleanup.policy', value: 'delete' }, { name: 'retention.ms', value: String(hours * HOUR_MS) }, ...copies] };
}
