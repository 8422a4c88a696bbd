import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KafkaEventBus, type KafkaEventBusOptions } from '@gpt4video/adapters/kafka/kafka-event-bus';
import type { EventBus, FactEnvelope } from '@gpt4video/ports/event-bus';
import { RealClock } from '@gpt4video/testing/fakes/real-clock';
import { type KafkaServer, startKafka } from '@gpt4video/testing/servers/kafka';

export const clock = new RealClock();
export const TOPIC = 'video.uploaded';
export const fact = (id: string, key = id, topic = TOPIC): FactEnvelope => ({ id, key, topic, source: 'test', timeMs: 1, data: Uint8Array.of(1, 2, 3) });

/** Session times as short as the broker lets them be, so that tests of crashes are quick. */
export const TIMES = { sessionMs: 6_000, heartbeatMs: 500, fetchWaitMs: 100 };

/** A broker in a folder of its own, and the buses that were opened on it. */
export class KafkaRig {
  private readonly buses: EventBus[] = [];

  private constructor(
    readonly server: KafkaServer,
    private readonly folder: string,
  ) {}

  static async start(): Promise<KafkaRig> {
    const folder = await mkdtemp(join(tmpdir(), 'kafka-bus-'));
    return new KafkaRig(await startKafka({ folder }), folder);
  }

  /** A prefix that no other test uses. */
  newPrefix(): string {
    return `${randomUUID().slice(0, 8)}.`;
  }

  settings(kafkaPrefix: string) {
    return { kafkaBrokers: this.server.brokers, kafkaTls: false, kafkaSaslMechanism: 'plain', kafkaPrefix, kafkaPartitions: 3, kafkaReplication: -1, kafkaRetentionHours: 1, kafkaDeclareTopics: true } as const;
  }

  bus(kafkaPrefix: string, options: Partial<KafkaEventBusOptions> = {}): KafkaEventBus {
    const topics = [TOPIC, 'video.rejected'].map((topic) => ({ topic, groups: [] }));
    const attempts = { inPlace: 3, backoffMs: 5, maxBackoffMs: 20, laterMs: [] };
    const bus = new KafkaEventBus({ app: 'test', settings: this.settings(kafkaPrefix), clock, topics, attempts, times: TIMES, ...options });
    this.buses.push(bus);
    return bus;
  }

  /** Stops every bus at once, whatever its handlers do. */
  async stopBuses(): Promise<void> {
    await Promise.all(this.buses.splice(0).map((bus) => bus.stop(10)));
  }

  async stop(): Promise<void> {
    await this.stopBuses();
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Resolves when `ready` holds; fails the test after `ms` milliseconds. */
export async function eventually(ready: () => boolean | Promise<boolean>, ms = 30_000): Promise<void> {
  const deadline = performance.now() + ms;
  while (!(await ready())) {
    if (performance.now() > deadline) throw new Error('What was waited for did not happen.');
    await clock.sleep(20);
  }
}
