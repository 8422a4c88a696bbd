// `npm run chaos [-- --seed N --minutes M]`: people use a cluster on real servers while its processes are killed and
// frozen and its network is cut, slowed and reset; the history is checked, and a report tells what was survived, accepted, lost and doubled.
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { seed: { type: 'string', default: '7' }, minutes: { type: 'string', default: '1' } } });
const env = { ...process.env, CHAOS_SEED: values.seed, CHAOS_MINUTES: values.minutes };
const args = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', '--disable-warning=PromiseRejectionHandledWarning', 'node_modules/jest/bin/jest.js', '--runInBand', '--forceExit', 'test/cluster/chaos.spec.ts'];
spawn('node', args, { env, stdio: 'inherit' }).once('exit', (code) => {
  process.exitCode = code ?? 1;
});
