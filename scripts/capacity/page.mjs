// The capacity page.
const figure = (value) => (value >= 100 ? Math.round(value).toLocaleString('en-GB') : String(Number(value.toPrecision(2))));
const table = (head, rows) => [`| ${head.join(' | ')} |`, `| ${head.map(() => '---').join(' | ')} |`, ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n');

/** Markdown of costs, plans and limits. */
export function capacityPage({ costs, mix, plans, limits }) {
  const rates = plans.map(({ turnsPerSecond }) => `${figure(turnsPerSecond)} turns/s`);
  const perService = Object.keys(costs).map((name) => {
    const found = plans.map(({ services }) => services.find((service) => service.name === name));
    return [name, found[0].pool, ...found.map(({ pods }) => figure(pods))];
  });
  const perSystem = [
    ['GPU hours a day, with a GPU for each pod of encode, llm and t2v', ({ podHours }) => podHours],
    ['partitions of a topic of the push chain', ({ partitions }) => partitions],
    ['facts a second', ({ factsPerSecond }) => factsPerSecond],
    ['commits a second in Postgres', ({ rowsPerSecond }) => rowsPerSecond],
    ['GB a day into the bucket', ({ bucketGBPerDay }) => bucketGBPerDay],
    [`TB kept after ${mix.keepDays} days`, ({ bucketTB }) => bucketTB],
  ].map(([what, of]) => [what, ...plans.map((each) => figure(of(each)))]);
  const [first] = limits;
  return `# Capacity

Written by \`npm run capacity -- --write\`. Costs are the measured ones of [benchmarks.md](../benchmarks.md) and, for the gateway, of [benchmarks-api.md](../benchmarks-api.md): the small bundle on two processor cores a pod. A GPU and a larger model change them: give your own with \`npm run capacity -- --speed dialogue=20 --speed video-generator=0.5\`, and other habits with \`--mix films=0.3\`. The pods of a stage are the fewest with which at most 5 % of its work waits longer than 0.25 s (films: 30 s) and none is busy more than 80 % of the time (Erlang C, checked against a simulation in test/helm/capacity.spec.ts).

One turn in ${figure(1 / mix.newVideos)} brings a new clip of ${mix.clipMB} MB, one in ${figure(1 / mix.films)} makes a film. What a store bears is assumed, not measured.

## What an event costs

${table(['service', 'seconds a turn', 'seconds a new video', 'seconds a film'], Object.entries(costs).map(([name, { turn = 0, video = 0, film = 0 }]) => [name, ...[turn, video, film].map((seconds) => (seconds === 0 ? '' : figure(seconds)))]))}

## Pods

${table(['service', 'pool', ...rates], perService)}

## Around them

${table(['', ...rates], perSystem)}

## Where it bends first

${table(['limit', 'reached at'], limits.map(({ what, turnsPerSecond }) => [what, `${figure(turnsPerSecond)} turns/s`]))}

With the chart's values it is **${first.what.split(':')[0]}**, at ${figure(first.turnsPerSecond)} turns/s. The services grow by adding pods; what does not is one Postgres, which all of the gateways share: ${figure(limits.find(({ what }) => what.startsWith('Postgres')).turnsPerSecond)} turns/s at the assumed rate. Beyond that, tenants are divided over several installations (a tenant's rows belong together, nothing joins across tenants), each with its own Kafka prefix and bucket.
`;
}
