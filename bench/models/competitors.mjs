// Installs the other runtimes outside the repository, once, at fixed versions.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const LLAMA = '3.22.1';
const RUNTIME = '1.30.0';

/** Folder of an npm project that holds `node-llama-cpp` with its prebuilt llama.cpp. */
export function llamaCpp() {
  const folder = place(`node-llama-cpp-${LLAMA}`);
  if (!existsSync(join(folder, 'node_modules', 'node-llama-cpp', 'package.json'))) {
    writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
    run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', `node-llama-cpp@${LLAMA}`], folder);
  }
  return folder;
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
