// From turns a second to pods, GPU hours, partitions, bytes and rows.
import { serversFor } from './queueing.mjs';

/** What people do; change it on the command line. */
export const MIX = { newVideos: 0.3, films: 0.1, clipMB: 5, featuresMB: 0.27, tokensMB: 0.15, framesMB: 0.4, filmMB: 0.2, keepDays: 30 };

/** Which services take facts, and so need a partition for each pod. */
const PUSH = ['frame-extractor', 'clip-encoder', 'abstractor', 'safety'];
/** Seconds that may pass before work begins: people wait for all but films. */
const PATIENCE = { 'video-generator': 30 };
const INTERACTIVE_PATIENCE = 0.25;
const FACTS = { video: 5, film: 2, turn: 2 };
const ROWS = { video: 8, film: 8, turn: 2 };
const SECONDS_A_DAY = 86_400;

/** What a rate of turns needs. `costs` as from stageCosts, `pools` maps a service to its pool. */
export function plan(turnsPerSecond, costs, pools, mix = MIX) {
  const rates = { turn: turnsPerSecond, video: turnsPerSecond * mix.newVideos, film: turnsPerSecond * mix.films };
  const services = Object.entries(costs).map(([name, events]) => {
    const load = Object.entries(events).reduce((sum, [event, seconds]) => sum + rates[event] * seconds, 0);
    const rate = Object.keys(events).reduce((sum, event) => sum + rates[event], 0);
    const pods = serversFor({ rate, seconds: load / rate, patience: PATIENCE[name] ?? INTERACTIVE_PATIENCE });
    return { name, pool: pools[name], load, pods };
  });
  const videoMB = mix.clipMB + mix.framesMB + mix.featuresMB + mix.tokensMB;
  const grownMB = rates.video * videoMB + rates.film * mix.filmMB;
  return {
    turnsPerSecond,
    services,
    podHours: sumBy(services.filter(({ pool }) => pool !== 'cpu'), ({ pods }) => pods * 24),
    partitions: Math.ceil(Math.max(...services.filter(({ name }) => PUSH.includes(name)).map(({ pods }) => pods)) / 12) * 12,
    factsPerSecond: weigh(rates, FACTS),
    rowsPerSecond: weigh(rates, ROWS),
    bucketGBPerDay: (grownMB * SECONDS_A_DAY) / 1_000,
    bucketTB: (grownMB * SECONDS_A_DAY * mix.keepDays) / 1e6,
  };
}

/** Turns a second at which each limit is reached, the lowest first. `most` maps a service to its most pods. */
export function limits(costs, pools, most, mix = MIX) {
  const one = plan(1, costs, pools, mix);
  const rows = [
    ...one.services.map(({ name, load }) => ({ what: `${name}: ${most[name]} pods, the chart's most`, turnsPerSecond: (0.8 * most[name]) / load })),
    { what: 'Postgres: 2,000 commits a second, assumed for one disk', turnsPerSecond: 2_000 / one.rowsPerSecond },
    { what: 'Kafka: 40,000 facts a second, assumed for one small broker', turnsPerSecond: 40_000 / one.factsPerSecond },
    { what: 'object store: 1 GB/s written, assumed', turnsPerSecond: 1e3 / ((one.bucketGBPerDay * 1_000) / SECONDS_A_DAY) },
  ];
  return rows.sort((a, b) => a.turnsPerSecond - b.turnsPerSecond);
}

const weigh = (rates, weights) => sumBy(Object.entries(weights), ([event, weight]) => rates[event] * weight);
const sumBy = (items, valueOf) => items.reduce((sum, item) => sum + valueOf(item), 0);
