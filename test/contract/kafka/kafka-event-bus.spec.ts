import { describeEventBus } from '@gpt4video/testing/contracts/event-bus-contract';
import { KafkaRig } from './kafka-rig.js';

let rig: KafkaRig;

beforeAll(async () => {
  rig = await KafkaRig.start();
}, 600_000);
afterAll(() => rig.stop());

describeEventBus('KafkaEventBus', ({ maxAttempts }) => {
  const prefix = rig.newPrefix();
  const open = () => rig.bus(prefix, { attempts: { inPlace: maxAttempts, backoffMs: 2, maxBackoffMs: 20, laterMs: [] } });
  return Promise.resolve({ bus: open(), next: () => Promise.resolve(open()), close: () => rig.stopBuses() });
});
