// A consumer process that takes facts and never finishes one, to be killed, or that dies of each by itself:
// node hanging-consumer.mjs SETTINGS TIMES TOPIC GROUP [dies]
import { KafkaEventBus } from '@gpt4video/adapters/kafka/kafka-event-bus';
import { SystemClock } from '@gpt4video/platform/system-clock';

const [settings, times, topic, group, dies] = process.argv.slice(2);
const attempts = { inPlace: 3, backoffMs: 5, maxBackoffMs: 20, laterMs: [200] };
const bus = new KafkaEventBus({ app: 'hanging', settings: JSON.parse(settings), times: JSON.parse(times), attempts, clock: new SystemClock(), topics: [] });
bus.subscribe({
  topic,
  group,
  concurrency: 10,
  handler: ({ id }) => {
    process.stdout.write(`began ${id}\n`, () => (dies === 'dies' && id === 'poison' ? process.kill(process.pid, 'SIGKILL') : undefined));
    return id === 'poison' || dies !== 'dies' ? new Promise(() => undefined) : Promise.resolve('done');
  },
});
await bus.start();
