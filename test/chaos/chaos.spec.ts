import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createRandom } from '@gpt4video/model/random/random';
import { Client, pause } from './client.js';
import { readEndState } from './end-state.js';
import { doFaults, type Fault } from './faults.js';
import { History } from './history.js';
import { HurtCluster, KEYS } from './hurt-cluster.js';
import { observe, Person } from './person.js';
import { brokenPromises } from './promises.js';

// `npm run chaos -- --seed N --minutes M` sets these.
const seed = Number(process.env['CHAOS_SEED'] ?? 7);
const loadMs = Number(process.env['CHAOS_MINUTES'] ?? 1) * 60_000;
const SETTLE_MS = 180_000;
const PEOPLE = [KEYS.one, KEYS.two, KEYS.one, KEYS.two];

describe('a cluster that is hurt while people use it', () => {
  it(`keeps its promises, seed ${seed}`, async () => {
    const log: string[] = [];
    const hurt = await HurtCluster.start(log);
    const history = new History();
    const faults: Fault[] = [];
    const stopped = new AbortController();
    const random = createRandom(seed);
    const clip = await readFile(resolve(import.meta.dirname, '../../models/cartoon/samples/red-star.mp4'));
    const clients = PEOPLE.map((key, index) => new Client(`${key === KEYS.one ? 'one' : 'two'}-${index}`, hurt.cluster.url, key, stopped.signal));
    const people = clients.map((client) => new Person({ client, history, random: createRandom(random.uint32()), clip, stopped: stopped.signal }));
    const living = Promise.all(people.map((person) => person.live()));
    const hurting = doFaults({ victims: hurt.victims, links: [], random: createRandom(random.uint32()), stopped: stopped.signal, calmMs: 4_000 }, faults);
    await pause(loadMs);
    stopped.abort();
    await Promise.all([living, hurting]);

    const restarted = performance.now();
    const jobs = history.entries.flatMap((entry) => (entry.kind === 'accepted' ? [entry] : []));
    const open = new Map(jobs.map(({ id, tenant }) => [id, new Client(tenant, hurt.cluster.url, tenant.startsWith('one') ? KEYS.one : KEYS.two, new AbortController().signal)]));
    while (open.size > 0 && performance.now() - restarted < SETTLE_MS) {
      for (const [id, client] of open) {
        const state = await observe(client, id, history);
        if (state !== undefined && ['completed', 'failed', 'cancelled', 'processed', 'error'].includes(state)) open.delete(id);
      }
      await pause(500);
    }
    const settled = Math.round((performance.now() - restarted) / 1_000);
    for (let left = 20; left > 0 && (await readEndState(hurt.sources)).unpublished > 0; left -= 1) await pause(1_000);
    const end = await readEndState(hurt.sources);
    const violations = brokenPromises(history.entries, end);
    const kills = faults.filter(({ what }) => what === 'kill').length;
    process.stderr.write(
      `chaos seed ${seed}: ${kills} kills and ${faults.length - kills} freezes survived (${faults.map(({ what, whom }) => `${what} ${whom}`).join(', ')}); ` +
        `${jobs.length} jobs accepted, ${violations.filter(({ promise }) => promise.includes('lost')).length} lost, ${violations.length} promises broken; ${end.facts.length} facts; settled in ${settled} s\n`,
    );
    if (violations.length > 0) process.stderr.write(`${violations.map(({ promise, seen }) => `${promise}: ${seen}`).join('\n')}\n${log.filter((line) => /"level":"?(error|fatal|50|60)/.test(line)).slice(-30).join('\n')}\n`);
    await hurt.stop();
    expect(violations).toEqual([]);
    expect(jobs.length).toBeGreaterThan(10);
    expect(kills).toBeGreaterThan(0);
    expect(faults.length).toBeGreaterThan(2);
  }, loadMs + 600_000);
});
