import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { BusWatch, type DeadLetter } from '@gpt4video/ports/event-bus';
import { eventually, fact, KafkaRig, TIMES, TOPIC } from './kafka-rig.js';

const GROUP = 'frame-extractor';

describe('a fact that its consumer dies of', () => {
  let rig: KafkaRig;

  beforeAll(async () => {
    rig = await KafkaRig.start();
  }, 600_000);
  afterAll(() => rig.stop());

  it('is given up after so many processes, with its reason; what was handled beside it is not', async () => {
    const prefix = rig.newPrefix();
    const publisher = rig.bus(prefix);
    await publisher.start();
    await publisher.publish(fact('poison'));
    await publisher.publish(fact('good'));
    const dead: DeadLetter[] = [];
    const watch = Object.assign(new BusWatch(), { deadLettered: (letter: DeadLetter) => void dead.push(letter) });
    const deaths: string[] = [];
    // Two in the topic, then one after the only wait.
    for (let life = 0; life < 3; life += 1) deaths.push(await liveAndDie(prefix));
    expect(deaths.filter((said) => said.includes('began poison'))).toHaveLength(3);
    const seen: string[] = [];
    const healthy = rig.bus(prefix, { watch, attempts: { inPlace: 3, backoffMs: 5, maxBackoffMs: 20, laterMs: [200] } });
    healthy.subscribe({ topic: TOPIC, group: GROUP, handler: ({ id }) => Promise.resolve((seen.push(id), 'done' as const)) });
    await healthy.start();
    await eventually(() => dead.length === 1, 60_000);
    expect(dead[0]).toMatchObject({ fact: { id: 'poison' }, group: GROUP, attempts: 3, code: 'process_died', reason: expect.stringContaining('died') });
    await publisher.publish(fact('after'));
    await eventually(() => seen.includes('after'));
    expect(new Set([...seen, ...deaths.flatMap((said) => [...said.matchAll(/began (good)/g)].map(([, id]) => id))])).toEqual(new Set(['good', 'after']));
    expect(dead).toHaveLength(1);
  }, 120_000);

  /** What a consumer said before it died. */
  async function liveAndDie(prefix: string): Promise<string> {
    const args = [JSON.stringify(rig.settings(prefix)), JSON.stringify(TIMES), TOPIC, GROUP, 'dies'];
    const child = spawn(process.execPath, [`${import.meta.dirname}/hanging-consumer.mjs`, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await once(child, 'close');
    return said;
  }
});
