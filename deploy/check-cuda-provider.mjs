// Lets no CUDA image be built with a provider that nobody vouched for, or one of another CUDA than the base image has:
// node deploy/check-cuda-provider.mjs FOLDER CUDA_IMAGE [SHA256]. The hash is that of both libraries, one after the other.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const LIBRARIES = ['libonnxruntime_providers_cuda.so', 'libonnxruntime_providers_shared.so'];
const HOW = `They come out of the Python wheel onnxruntime-gpu whose hash the Dockerfile holds. For another wheel: fetch it with
\`pip download --no-deps --only-binary :all: --python-version 3.12 onnxruntime-gpu==VERSION\`, compare its sha256 with the one that the package
index publishes for that file, hash its libraries with
\`unzip -p WHEEL ${LIBRARIES.map((name) => `onnxruntime/capi/${name}`).join(' ')} | sha256sum\`,
and build with --build-arg ONNXRUNTIME_GPU=VERSION --build-arg CUDA_WHEEL_SHA256=HASH --build-arg CUDA_PROVIDER_SHA256=HASH-OF-BOTH.`;

const [, , folder, image, expected = ''] = process.argv;
if (folder === undefined || image === undefined) refuse('usage: node deploy/check-cuda-provider.mjs FOLDER CUDA_IMAGE [SHA256]');

const libraries = LIBRARIES.map((name) => readFileSync(join(folder, name)));
const [, major = '?'] = /cuda:(\d+)\./.exec(image) ?? [];
const wanted = cudaOf(libraries[0]);
if (wanted !== major) refuse(`The provider is made for CUDA ${wanted}, the image has CUDA ${major}. Build with --build-arg CUDA_IMAGE=nvidia/cuda:${wanted}.…-cudnn-runtime-…@sha256:…`);

const found = libraries.reduce((hash, bytes) => hash.update(bytes), createHash('sha256')).digest('hex');
if (!/^[0-9a-f]{64}$/.test(expected)) refuse(`CUDA_PROVIDER_SHA256 does not say which libraries are meant; those found have ${found}.\n${HOW}`);
if (found !== expected) refuse(`The libraries are not those of CUDA_PROVIDER_SHA256 ${expected}: they have ${found}.\n${HOW}`);
process.stdout.write(`CUDA ${major}, provider ${found}\n`);

/** Major version of the CUDA runtime that a library is linked against. */
function cudaOf(bytes) {
  const at = bytes.indexOf('libcudart.so.');
  return at < 0 ? '?' : (/^libcudart\.so\.(\d+)/.exec(bytes.toString('latin1', at, at + 24))?.[1] ?? '?');
}

function refuse(why) {
  process.stderr.write(`${why}\n`);
  process.exit(1);
}
