// Every static check of the repository; `npm test` runs the same list first.
import { runChecks } from './test/checks.mjs';

const { failed } = await runChecks();
process.exitCode = failed === 0 ? 0 : 1;
