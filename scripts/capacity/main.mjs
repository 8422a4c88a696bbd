// `npm run capacity`: what 1, 100 and 10,000 turns a second need. --turns 5,50 for other rates; --speed dialogue=20 for a pod twenty times as
// fast as the measured machine; --mix films=0.3 for other habits; --write makes the page docs/operations/capacity.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { stageCosts } from './costs.mjs';
import { capacityPage } from './page.mjs';
import { limits, MIX, plan } from './plan.mjs';

const { values } = parseArgs({ options: { turns: { type: 'string', default: '1,100,10000' }, speed: { type: 'string', multiple: true, default: [] }, mix: { type: 'string', multiple: true, default: [] }, write: { type: 'boolean', default: false } } });
const pairs = (texts) => Object.fromEntries(texts.map((text) => text.split('=')).map(([name, value]) => [name, Number(value)]));

const { services } = parse(readFileSync('helm/gpt4video/values.yaml', 'utf8'));
const pools = Object.fromEntries(Object.entries(services).map(([name, { pool }]) => [name, pool]));
const most = Object.fromEntries(Object.entries(services).map(([name, { replicas }]) => [name, replicas.max]));
const mix = { ...MIX, ...pairs(values.mix) };
const costs = stageCosts({ speed: pairs(values.speed) });
const page = capacityPage({ costs, mix, plans: values.turns.split(',').map((turns) => plan(Number(turns), costs, pools, mix)), limits: limits(costs, pools, most, mix) });
if (values.write) writeFileSync('docs/operations/capacity.md', page);
else process.stdout.write(page);
