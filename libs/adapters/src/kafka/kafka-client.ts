import { Kafka, logLevel, type SASLOptions } from 'kafkajs';

/** How to reach the brokers, in the words of a process's configuration. */
export interface KafkaSettings {
  /** `host:port` of some of the brokers. */
  readonly kafkaBrokers: readonly string[];
  readonly kafkaTls: boolean;
  readonly kafkaSaslMechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  /** Logs in where present. */
  readonly kafkaUsername?: string | undefined;
  readonly kafkaPassword?: string | undefined;
}

// A fault is told within seconds and tried again by whoever asked; the library's own patience would hide it.
const RETRY = { retries: 4, initialRetryTime: 100, maxRetryTime: 1_000 };

/** A client of the brokers; opens no connection yet. */
export function kafkaClient(app: string, settings: KafkaSettings): Kafka {
  const sasl = login(settings);
  return new Kafka({
    clientId: app,
    brokers: [...settings.kafkaBrokers],
    ssl: settings.kafkaTls,
    ...(sasl === undefined ? {} : { sasl }),
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    retry: RETRY,
    // What matters is told through the watch, once, and never with a credential.
    logLevel: logLevel.NOTHING,
  });
}

function login({ kafkaSaslMechanism: mechanism, kafkaUsername: username, kafkaPassword: password = '' }: KafkaSettings): SASLOptions | undefined {
  if (username === undefined) return undefined;
  // One literal each, because the library tells its mechanisms apart by type.
  if (mechanism === 'plain') return { mechanism, username, password };
  if (mechanism === 'scram-sha-256') return { mechanism, username, password };
  return { mechanism, username, password };
}
