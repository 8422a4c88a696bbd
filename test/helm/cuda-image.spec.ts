import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingRuntimePart } from '@gpt4video/adapters/onnx/cuda-libraries';
import { z } from 'zod';
import { instructionsOf } from './rig/dockerfile.js';

const ROOT = join(import.meta.dirname, '../..');
const INSTRUCTIONS = instructionsOf(readFileSync(join(ROOT, 'deploy/Dockerfile'), 'utf8'));
const [, IMAGE = ''] = INSTRUCTIONS.filter(({ keyword }) => keyword === 'ARG').map(({ text }) => /^CUDA_IMAGE=(.+)$/.exec(text) ?? []).find(([found]) => found !== undefined) ?? [];
const metadata = z.object({ requirements: z.record(z.string(), z.array(z.string())), manifests: z.record(z.string(), z.record(z.string(), z.unknown())) });

describe('the image with CUDA', () => {
  // What the installed version of the runtime says of its own provider: `cuda12`.
  const { requirements, manifests } = metadata.parse(createRequire(import.meta.url)('onnxruntime-node/script/install-metadata.js'));
  const [wanted = ''] = requirements['linux/x64'] ?? [];

  it('has the CUDA that the installed runtime has a provider for, with cuDNN, and asks for that provider', () => {
    expect(requirements['linux/x64']).toEqual([expect.stringMatching(/^cuda\d+$/)]);
    expect(IMAGE).toMatch(new RegExp(`^nvidia/cuda:${wanted.replace('cuda', '')}\\.[\\d.]+-cudnn-runtime-`));
    expect(INSTRUCTIONS.filter(({ text }) => text.includes(`--onnxruntime-node-install=${wanted} `)).map(({ stage }) => stage)).toEqual(['build-cuda']);
    // So does what a person reads where the provider is missing.
    expect(missingRuntimePart(tmpdir())).toContain(`--onnxruntime-node-install=${wanted}`);
  });

  it('holds the libraries that are vouched for, all that are fetched but TensorRT', () => {
    const checked = /const LIBRARIES = \[(.*)\]/.exec(readFileSync(join(ROOT, 'deploy/check-cuda-provider.mjs'), 'utf8'))?.[1]?.replaceAll("'", '').split(', ');
    expect(Object.keys(manifests[`linux/x64:${wanted}`] ?? {}).map((file) => file.replace('./', '')).filter((file) => !file.includes('tensorrt'))).toEqual(checked);
    const [build] = INSTRUCTIONS.filter(({ stage, text }) => stage === 'build-cuda' && text.includes('install.js'));
    expect(build?.text).toMatch(/rm \S+_tensorrt\.so && node deploy\/check-cuda-provider\.mjs \S+ "\$\{CUDA_IMAGE\}" "\$\{CUDA_PROVIDER_SHA256\}" && node deploy\/assemble\.mjs/);
    // Nothing is vouched for by default.
    expect(INSTRUCTIONS.filter(({ text }) => text.startsWith('CUDA_PROVIDER_SHA256')).map(({ text }) => text)).toEqual(['CUDA_PROVIDER_SHA256=']);
  });
});

describe('the check of the CUDA provider', () => {
  let folder: string;
  const check = (image: string, ...sha256: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['deploy/check-cuda-provider.mjs', folder, image, ...sha256], { cwd: ROOT, encoding: 'utf8' });
    return { status, said: stdout + stderr };
  };
  const CUDA = '\x7fELF…libcublas.so.12\0libcudart.so.12\0';
  const SHARED = '\x7fELF…shared';
  const HASH = createHash('sha256').update(CUDA).update(SHARED).digest('hex');

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'provider-'));
    writeFileSync(join(folder, 'libonnxruntime_providers_cuda.so'), CUDA);
    writeFileSync(join(folder, 'libonnxruntime_providers_shared.so'), SHARED);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('lets pass what somebody vouched for', () => {
    expect(check(IMAGE, HASH)).toEqual({ status: 0, said: `CUDA 12, provider ${HASH}\n` });
  });

  it.each([
    ['nobody', []],
    ['an empty word', ['']],
    ['the beginning of a hash', [HASH.slice(0, 12)]],
    ['the hash of something else', ['0'.repeat(64)]],
  ])('refuses what %s vouched for, and says what to do', (_, sha256) => {
    const { status, said } = check(IMAGE, ...sha256);
    expect(status).toBe(1);
    expect(said).toContain(HASH);
    expect(said).toContain('dotnet nuget verify');
  });

  it('refuses a provider of another CUDA than the image has, whoever vouched for it', () => {
    expect(check(IMAGE.replace(/:\d+/, ':13'), HASH)).toMatchObject({ status: 1, said: expect.stringContaining('made for CUDA 12, the image has CUDA 13') });
  });
});
