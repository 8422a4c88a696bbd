// `npm test`: static checks, then every Jest project, then one line that says how it went.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { runChecks } from './test/checks.mjs';

const REPORT = 'test-results/jest.json';
mkdirSync('test-results', { recursive: true });
rmSync(REPORT, { force: true });

const checks = await runChecks();
const exit = await runJest(process.argv.slice(2));
const jest = readReport();
const failed = checks.failed + jest.failed + (exit !== 0 && jest.failed === 0 ? 1 : 0);

process.stdout.write(`\n${checks.passed + jest.passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

function runJest(args) {
  const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', '--disable-warning=TimeoutNegativeWarning', 'node_modules/jest/bin/jest.js'];
  const child = spawn('node', [...node, '--json', `--outputFile=${REPORT}`, '--maxWorkers=2', ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
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
