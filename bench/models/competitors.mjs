// Installs the other runtimes outside the repository, once, at fixed versions.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LLAMA = '3.22.1';
const TRANSFORMERS = '4.3.1';
const RUNTIME = '1.30.0';

/** Folder of an npm project that holds `node-llama-cpp` with its prebuilt llama.cpp. */
export function llamaCpp() {
  return npmProject('node-llama-cpp', LLAMA);
}

/** Folder of an npm project that holds transformers.js with an `onnxruntime-node` of its own; half a gigabyte. */
export function transformersJs() {
  return npmProject('@huggingface/transformers', TRANSFORMERS);
}

/** A Python with `onnxruntime`; the newest that this Python has when the pinned one is not published for it. */
export function pythonRuntime() {
  const folder = place('python-onnxruntime');
  const python = join(folder, 'bin', 'python');
  if (!existsSync(join(folder, 'installed'))) {
    run('python3', ['-m', 'venv', folder]);
    try {
      run(python, ['-m', 'pip', 'install', '--quiet', `onnxruntime==${RUNTIME}`, 'numpy']);
    } catch {
      run(python, ['-m', 'pip', 'install', '--quiet', 'onnxruntime', 'numpy']);
    }
    writeFileSync(join(folder, 'installed'), '');
  }
  return python;
}

/** A Python with PyTorch and what else training/ needs: BENCH_TORCH_PYTHON where that is set, else one made for this, of several gigabytes. */
export function pythonTorch() {
  if (process.env.BENCH_TORCH_PYTHON) return process.env.BENCH_TORCH_PYTHON;
  const folder = place('python-torch');
  const python = join(folder, 'bin', 'python');
  if (!existsSync(join(folder, 'installed'))) {
    run('python3', ['-m', 'venv', folder]);
    run(python, ['-m', 'pip', 'install', '--quiet', '--editable', fileURLToPath(new URL('../../training', import.meta.url))]);
    writeFileSync(join(folder, 'installed'), '');
  }
  return python;
}

function npmProject(name, version) {
  const folder = place(`${name.split('/').at(-1)}-${version}`);
  if (!existsSync(join(folder, 'node_modules', name, 'package.json'))) {
    writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
    run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', `${name}@${version}`], folder);
  }
  return folder;
}

function place(name) {
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'gpt4video', 'bench', name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

function run(program, args, cwd) {
  process.stderr.write(`· ${program} ${args.join(' ')}\n`);
  // What the installer prints is no result of the measurement.
  execFileSync(program, args, { cwd, stdio: ['ignore', process.stderr, process.stderr] });
}
