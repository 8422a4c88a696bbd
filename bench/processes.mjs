// What processes use, as Linux tells it.
import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/** Seconds of processor time that a process has taken; 0 when it is gone. */
export function processorSeconds(pid) {
  const fields = statOf(pid);
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS_PER_SECOND;
}

/** Seconds of processor time of the thread in which a Node process runs its JavaScript; 0 when it is gone. */
export function mainThreadSeconds(pid) {
  return processorSeconds(`${pid}/task/${pid}`);
}

/** Bytes of memory that belong to a process alone and are no file's. */
export function ownMemory(pid) {
  return Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;
}

/** Memory of a process in MiB, shared pages divided among those that share them; 0 when it is gone. */
export function memoryMiB(pid) {
  return Number(/^Pss:\s+(\d+)/m.exec(read(pid, 'smaps_rollup'))?.[1] ?? 0) / 1024;
}

/** Ids of the processes that a process has started. */
export function childrenOf(pid) {
  return readdirSync('/proc').filter((entry) => /^\d+$/.test(entry) && statOf(entry)[1] === String(pid)).map(Number);
}

/** The fields of its line after the name, which may hold spaces: the third of `man 5 proc` is the first here. */
function statOf(pid) {
  return read(pid, 'stat').split(') ').at(-1)?.split(' ') ?? [];
}

function read(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
