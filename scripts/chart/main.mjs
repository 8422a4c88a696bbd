// `npm run chart`: writes what is made of the chart's values and of the code. With --check it writes nothing and fails when something is out of date.
import { readFile } from 'node:fs/promises';
import { refreshAll } from '../generated-files.mjs';
import { chartReadme } from './readme.mjs';
import { valuesSchema } from './values-schema.mjs';

await refreshAll('chart', {
  // A field that the code has gained may be missing; one that it has lost, renamed or bounded otherwise may not be there.
  'helm/gpt4video/values.schema.json': { make: () => `${JSON.stringify(valuesSchema(), null, 1)}\n`, agrees: (made, written) => written !== '' && holds(JSON.parse(made), JSON.parse(written)) },
  'helm/gpt4video/README.md': async () => chartReadme(await readFile('helm/gpt4video/values.yaml', 'utf8')),
});

function holds(made, written) {
  if (typeof written !== 'object' || written === null || Array.isArray(written)) return JSON.stringify(made) === JSON.stringify(written);
  return typeof made === 'object' && made !== null && Object.entries(written).every(([key, value]) => holds(made[key], value));
}
