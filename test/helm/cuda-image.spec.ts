import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingRuntimePart } from '@gpt4video/adapters/onnx/cuda-libraries';
import { instructionsOf } from './rig/dockerfile.js';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const INSTRUCTIONS = instructionsOf(read('deploy/Dockerfile'));
const pin = (name: string) => INSTRUCTIONS.filter(({ keyword, text, stage }) => keyword === 'ARG' && stage === undefined && text.startsWith(`${name}=`)).map(({ text }) => text.slice(name.length + 1)).join();
const IMAGE = pin('CUDA_IMAGE');
const [, RELEASE = '?', MAJOR = '?'] = /^nvidia\/cuda:((\d+)\.\d+\.\d+)-cudnn-runtime-/.exec(IMAGE) ?? [];
const commands = (wanted: string) => INSTRUCTIONS.filter(({ keyword, stage }) => keyword === 'RUN' && stage === wanted).map(({ text }) => text).join('\n');

describe('the image with CUDA', () => {
  it('has the provider of the very runtime that is installed', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
    const { version } = JSON.parse(read('node_modules/onnxruntime-node/package.json')) as { version: string };
    expect([pin('ONNXRUNTIME_GPU'), version]).toEqual([dependencies['onnxruntime-node'], dependencies['onnxruntime-node']]);
    expect(commands('cuda-provider')).toContain('"onnxruntime-gpu==${ONNXRUNTIME_GPU} --hash=sha256:${CUDA_WHEEL_SHA256}"');
    // So does what a person reads where the provider is missing.
    expect(missingRuntimePart(tmpdir())).toContain(`onnxruntime-gpu==${version} `);
  });

  it('takes the provider from the pinned wheel and from nowhere else', () => {
    expect([pin('CUDA_WHEEL_SHA256'), pin('CUDA_PROVIDER_SHA256')]).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), expect.stringMatching(/^[0-9a-f]{64}$/)]);
    expect(commands('cuda-provider')).toMatch(/pip download --no-deps --require-hashes --only-binary :all: --python-version \S+ --platform \S+ --requirement wheel\.txt/);
    expect(INSTRUCTIONS.filter(({ text }) => text.includes('install.js'))).toEqual([]);
  });

  it('holds the libraries that are checked, and nothing else of the wheel', () => {
    const checked = /const LIBRARIES = \[(.*)\]/.exec(read('deploy/check-cuda-provider.mjs'))?.[1]?.replaceAll("'", '').split(', ');
    expect([...commands('cuda-provider').matchAll(/onnxruntime\/capi\/(\S+)/g)].map(([, file]) => file)).toEqual(checked);
    expect(commands('build-cuda')).toMatch(/^node deploy\/check-cuda-provider\.mjs \/provider "\$\{CUDA_IMAGE\}" "\$\{CUDA_PROVIDER_SHA256\}" && cp \/provider\/\*\.so \S+\/linux\/x64\/ && node deploy\/assemble\.mjs/);
    const handed = INSTRUCTIONS.filter(({ keyword, stage, text }) => keyword === 'ARG' && stage === 'build-cuda' && !text.includes('=')).map(({ text }) => text);
    expect(handed).toEqual(['CUDA_IMAGE', 'CUDA_PROVIDER_SHA256']);
  });

  it('is what the pages for operators say it is', () => {
    expect(RELEASE).toMatch(/^13\./);
    for (const page of ['docs/operations/pools.md', 'docs/operations/install.md', 'docs/bring-your-own-weights.md', 'deploy/monitoring/runbooks.md']) {
      const named = [...read(page).matchAll(/CUDA (\d+)|nvidia\/cuda:([\d.]+)/g)].map(([, major, release]) => major ?? release);
      expect({ page, named: [...new Set(named)].filter((name) => name !== MAJOR && name !== RELEASE) }).toEqual({ page, named: [] });
      expect(named.length).toBeGreaterThan(0);
    }
  });
});

describe('the check of the CUDA provider', () => {
  let folder: string;
  const check = (image: string, ...sha256: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['deploy/check-cuda-provider.mjs', folder, image, ...sha256], { cwd: ROOT, encoding: 'utf8' });
    return { status, said: stdout + stderr };
  };
  const CUDA = `\x7fELF…libcublas.so.${MAJOR}\0libcudart.so.${MAJOR}\0`;
  const SHARED = '\x7fELF…shared';
  const HASH = createHash('sha256').update(CUDA).update(SHARED).digest('hex');

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'provider-'));
    writeFileSync(join(folder, 'libonnxruntime_providers_cuda.so'), CUDA);
    writeFileSync(join(folder, 'libonnxruntime_providers_shared.so'), SHARED);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('lets pass what somebody vouched for', () => {
    expect(check(IMAGE, HASH)).toEqual({ status: 0, said: `CUDA ${MAJOR}, provider ${HASH}\n` });
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
    expect(said).toContain('compare its sha256 with the one that the package');
  });

  it('refuses a provider of another CUDA than the image has, whoever vouched for it', () => {
    expect(check(IMAGE.replace(/:\d+/, ':12'), HASH)).toMatchObject({ status: 1, said: expect.stringContaining(`made for CUDA ${MAJOR}, the image has CUDA 12`) });
  });
});
