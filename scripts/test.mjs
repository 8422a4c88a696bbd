// `npm test`: static checks, then every Jest project, then one line that says how it went.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { runChecks } from './test/checks.mjs';

/** The project of whole clusters, which need the machine to themselves: their promises of time do not hold beside another suite. */
const ALONE = 'cluster';
const REPORT = 'test-results/jest.json';
mkdirSync('test-results', { recursive: true });

const checks = await runChecks();
const given = process.argv.slice(2);
const runs = given.length > 0 ? [await runJest(given)] : [await runJest(['--maxWorkers=2', '--ignoreProjects', ALONE]), await runJest(['--runInBand', '--selectProjects', ALONE])];
const passed = runs.reduce((sum, run) => sum + run.passed, checks.passed);
const failed = runs.reduce((sum, run) => sum + run.failed, checks.failed);

process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

/** Runs Jest and resolves with what passed and failed; an exit that the report does not explain is a failure. */
async function runJest(args) {
  rmSync(REPORT, { force: true });
  const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', '--disable-warning=TimeoutNegativeWarning', 'node_modules/jest/bin/jest.js'];
  const child = spawn('node', [...node, '--json', `--outputFile=${REPORT}`, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  const exit = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
  const report = readReport();
  return exit !== 0 && report.failed === 0 ? { ...report, failed: 1 } : report;
}

/** A suite that could not even be loaded counts as one failure: no report, no success. */
function readReport() {
  try {
    const report = JSON.parse(readFileSync(REPORT, 'utf8'));
    if (report.numPassedTests === 0) return { passed: 0, failed: 1 };
    return { passed: report.numPassedTests, failed: report.numFailedTests + report.numRuntimeErrorTestSuites + report.numPendingTests };
  } catch {
    return { passed: 0, failed: 1 };
  }
}
