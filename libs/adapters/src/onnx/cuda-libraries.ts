import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The runtime's own part of CUDA, which its npm package fetches only when it is asked to. */
const OWN = ['libonnxruntime_providers_shared.so', 'libonnxruntime_providers_cuda.so'];
const HOW = 'run the image whose tag ends in -cuda, or fetch it: node node_modules/onnxruntime-node/script/install.js --onnxruntime-node-install=cuda12';

/** Why CUDA cannot compute here, when one can tell without asking the runtime: which of its own libraries is missing, and what to do. */
export function missingRuntimePart(folder = runtimeFolder()): string | undefined {
  const found = new Set(readdirSync(folder));
  const missing = OWN.find((file) => !found.has(file));
  return missing === undefined ? undefined : `${missing} is not in ${folder}; ${HOW}`;
}

/**
 * Which library of the system CUDA lacks, after the runtime has failed to load its own part: the runtime tells that to standard
 * error only. Loading that part ahead of the runtime would end the process.
 */
export function missingSystemPart(folder = runtimeFolder()): string {
  for (const file of OWN) {
    try {
      process.dlopen({ exports: {} }, join(folder, file));
    } catch (cause) {
      const said = cause instanceof Error ? cause.message : String(cause);
      // What is no addon of Node was loaded all the same.
      if (!said.startsWith('Module did not self-register')) return `${said}; libcuda.so.1 comes with the node's NVIDIA driver, the others with the -cuda image`;
    }
  }
  return 'the runtime could not load its CUDA libraries; its own words are on standard error';
}

/** Folder of the runtime's libraries on this system. */
function runtimeFolder(): string {
  const root = join(dirname(createRequire(import.meta.url).resolve('onnxruntime-node')), '../bin');
  const version = readdirSync(root).find((name) => name.startsWith('napi-')) ?? '';
  return join(root, version, process.platform, process.arch);
}
