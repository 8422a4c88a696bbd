import { z } from 'zod';

const count = (text: string, fallback: number) => z.coerce.number().int().min(1).default(fallback).describe(text);
const brokers = z
  .string()
  .default('127.0.0.1:9092')
  .transform((text) => text.split(',').map((each) => each.trim()))
  .pipe(z.array(z.string().regex(/^[^\s:]+:\d+$/, 'must be host:port')));

/** How to reach Kafka and how its topics are made; spread them into the schema of whatever speaks to it. */
export const KAFKA_FIELDS = {
  kafkaBrokers: brokers.describe('host:port of some Kafka brokers, separated by commas'),
  kafkaTls: z.stringbool().default(false).describe('true where the brokers speak TLS; NODE_EXTRA_CA_CERTS names a private authority'),
  kafkaSaslMechanism: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).default('scram-sha-512').describe('how to log in where there is a user name: plain, scram-sha-256 or scram-sha-512'),
  kafkaUsername: z.string().min(1).optional().describe('user name at the brokers; no login when absent'),
  kafkaPassword: z.string().min(1).optional().describe('password at the brokers').meta({ sensitive: true }),
  kafkaPrefix: z.string().regex(/^[\w.-]*$/, 'may hold letters, digits, dots, underscores and hyphens').default('').describe('put before every topic and group, where several deployments share brokers'),
  kafkaDeclareTopics: z.stringbool().default(true).describe('whether a process makes the topics that lack; false where only `gpt4video facts topics` may'),
  kafkaPartitions: count('partitions of a new topic: the most replicas of a consumer that share its work', 6),
  kafkaReplication: z.coerce.number().int().min(-1).default(-1).describe('copies of a new topic; -1 takes the default of the brokers'),
  kafkaRetentionHours: count('hours that a new topic keeps facts', 168),
};

/** What every process that consumes or publishes facts has. */
export const FACT_BUS_FIELDS = {
  eventBus: z.enum(['in-process', 'kafka']).default('in-process').describe('what carries facts: in-process or kafka'),
  ...KAFKA_FIELDS,
};
