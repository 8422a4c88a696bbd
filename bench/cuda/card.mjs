import { spawnSync } from 'node:child_process';

/** Memory in use on the first card, of all processes, in MiB; undefined where the driver's tool cannot tell. */
export function memoryMiB() {
  const { status, stdout } = spawnSync('nvidia-smi', ['--query-gpu=memory.used', '--format=csv,noheader,nounits', '--id=0'], { encoding: 'utf8' });
  const used = Number.parseInt(stdout ?? '', 10);
  return status === 0 && Number.isFinite(used) ? used : undefined;
}
