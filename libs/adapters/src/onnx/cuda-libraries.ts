import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The runtime's own part of CUDA, which its npm package lacks. */
const OWN = ['libonnxruntime_providers_shared.so', 'libonnxruntime_providers_cuda.so'];

/** Why CUDA cannot compute here, when one can tell without asking the runtime: which of its own libraries is missing, and what to do. */
export function missingRuntimePart(folder = runtimeFolder()): string | undefined {
  const found = new Set(readdirSync(folder));
  const missing = OWN.find((file) => !found.has(file));
  return missing === undefined ? undefined : `${missing} is not in ${folder}; ${howToFetch(folder)}`;
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

/** As the images do it: the Python package of the runtime's own version holds that part, whatever Python its wheel is for. */
function howToFetch(folder: string): string {
  const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { readonly version: string };
  const wheel = 'pip download --no-deps --only-binary :all: --python-version 3.12 --platform manylinux_2_28_x86_64';
  return `run the image whose tag ends in -cuda, or fetch it: ${wheel} onnxruntime-gpu==${version} && unzip -j onnxruntime_gpu-${version}-*.whl ${OWN.map((file) => `onnxruntime/capi/${file}`).join(' ')} -d ${folder}`;
}

/** Folder of the runtime's libraries on this system. */
function runtimeFolder(): string {
  const root = join(dirname(createRequire(import.meta.url).resolve('onnxruntime-node')), '../bin');
  const version = readdirSync(root).find((name) => name.startsWith('napi-')) ?? '';
  return join(root, version, process.platform, process.arch);
}
