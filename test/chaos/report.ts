import type { ChaosPlan, ChaosRun } from './chaos-run.js';
import type { Fault } from './faults.js';
import type { Violation } from './promises.js';

/** What a run's promises are called when a job, a film or a fact is there twice. */
const TWICE = ['a job ends once', 'a completed job has one artifact'];

/** A run as people read it. */
export function report({ seed, loadMs }: Omit<ChaosPlan, 'calmMs'>, { faults, history, end, settledMs }: ChaosRun, violations: readonly Violation[]): string {
  const accepted = history.filter((entry) => entry.kind === 'accepted');
  const count = (what: Fault['what']): number => faults.filter((fault) => fault.what === what).length;
  const broken = (promises: readonly string[]): number => violations.filter(({ promise }) => promises.includes(promise)).length;
  const seconds = (ms: number): string => `${Math.round(ms / 1_000)} s`;
  const rows = [
    ['survived', `${count('kill')} kills, ${count('freeze')} freezes; ways ${count('cut')} times cut, ${count('slow')} slowed, ${count('reset')} reset`],
    ['accepted', `${accepted.length} jobs: ${accepted.filter(({ job }) => job === 'generation').length} films, ${accepted.filter(({ job }) => job === 'file').length} uploads`],
    ['lost', String(broken(['an accepted job is never lost']))],
    ['duplicated', String(broken(TWICE))],
    ['broken', `${violations.length} promises`],
    ['facts', `${end.facts.length} on the bus, ${new Set(end.facts.map(({ id }) => id)).size} of them different`],
    ['settled', `after ${seconds(settledMs)}`],
    ['faults', faults.map(({ what, whom, atMs }) => `${seconds(atMs)} ${what} ${whom}`).join(', ')],
    ...violations.map(({ promise, seen }) => ['BROKEN', `${promise}: ${seen}`]),
  ];
  return [`chaos, seed ${seed}, ${seconds(loadMs)} of use`, ...rows.map(([name = '', text = '']) => `  ${name.padEnd(10)} ${text}`)].join('\n');
}
