// `npm run monitoring`: writes the rules and dashboards that are made of tables. With --check it writes nothing and fails when something is out of date.
import { refreshAll } from '../generated-files.mjs';
import { gpuPools } from './dashboards/gpu-pools.mjs';
import { overview } from './dashboards/overview.mjs';
import { stages } from './dashboards/stages.mjs';
import { sloRules } from './slos.mjs';

const dashboards = [['overview', overview()], ...stages(), ['gpu-pools', gpuPools()]];

await refreshAll('monitoring', {
  'deploy/monitoring/rules/slo.yaml': sloRules,
  ...Object.fromEntries(dashboards.map(([name, content]) => [`deploy/monitoring/dashboards/${name}.json`, () => `${JSON.stringify(content, null, 1)}\n`])),
});
