// `npm run chart`: writes what is made of the chart's values and of the code. With --check it writes nothing and fails when something is out of date.
import { readFile } from 'node:fs/promises';
import { refreshAll } from '../generated-files.mjs';
import { chartReadme } from './readme.mjs';
import { valuesSchema } from './values-schema.mjs';

await refreshAll('chart', {
  'helm/gpt4video/values.schema.json': () => `${JSON.stringify(valuesSchema(), null, 1)}\n`,
  'helm/gpt4video/README.md': async () => chartReadme(await readFile('helm/gpt4video/values.yaml', 'utf8')),
});
