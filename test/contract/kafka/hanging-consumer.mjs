// A consumer process that takes facts and never finishes one, to be killed: node hanging-consumer.mjs SETTINGS TIMES TOPIC GROUP
import { KafkaEventBus } from '@gpt4video/adapters/kafka/kafka-event-bus';
import { SystemClock } from '@gpt4video/platform/system-clock';

const [settings, times, topic, group] = process.argv.slice(2);
const bus = new KafkaEventBus({ app: 'hanging', settings: JSON.parse(settings), times: JSON.parse(times), clock: new SystemClock(), topics: [] });
bus.subscribe({
  topic,
  group,
  concurrency: 10,
  handler: ({ id }) => {
    process.stdout.write(`began ${id}\n`);
    return new Promise(() => undefined);
  },
});
await bus.start();
