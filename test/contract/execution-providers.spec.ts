import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { missingRuntimePart, missingSystemPart } from '@gpt4video/adapters/onnx/cuda-libraries';
import { OnnxModelSession } from '@gpt4video/adapters/onnx/onnx-model-session';
import { loadConfig } from '@gpt4video/platform/config';
import { EXECUTION_FIELD } from '@gpt4video/platform/model-config';
import { z } from 'zod';
import { AppProcess } from '../e2e/app-process.js';

const path = resolve(import.meta.dirname, '../../models/cartoon/text-safety.onnx');
const CUDA_PART = /libonnxruntime_providers_\w+\.so is not in/;

describe('what computes the models', () => {
  it('is the processor where nothing is said, and the session tells', async () => {
    const session = await OnnxModelSession.open({ path });
    await session.close();
    expect(session.execution).toEqual({ provider: 'cpu' });
  });

  it('is never another than was asked for: without CUDA the model is refused, and what is missing is named', async () => {
    await expect(OnnxModelSession.open({ path, providers: ['cuda'] })).rejects.toMatchObject({ code: 'model_unavailable', message: expect.stringMatching(CUDA_PART) });
  });

  it('falls back only where the fallback is named too, and says why', async () => {
    const session = await OnnxModelSession.open({ path, providers: ['cuda', 'cpu'] });
    await session.close();
    expect(session.execution).toEqual({ provider: 'cpu', fallback: expect.stringMatching(CUDA_PART) });
  });

  it('is read as a list, and a name that the runtime does not know is a fault of the configuration', () => {
    const read = (value?: string) => loadConfig('x', z.object(EXECUTION_FIELD), { GPT4VIDEO_EXECUTION_PROVIDERS: value }).executionProviders;
    expect([read(), read('cuda, cpu')]).toEqual([['cpu'], ['cuda', 'cpu']]);
    expect(() => read('cuda,gpu')).toThrow('there is no provider "gpu"');
  });
});

describe('the libraries of CUDA', () => {
  let folder: string;
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'cuda-'))));
  afterAll(() => rm(folder, { recursive: true }));

  it('are missed one by one, in the words of the system', async () => {
    expect(missingRuntimePart(folder)).toContain('libonnxruntime_providers_shared.so is not in');
    await writeFile(join(folder, 'libonnxruntime_providers_shared.so'), '');
    expect(missingRuntimePart(folder)).toContain('libonnxruntime_providers_cuda.so is not in');
    await writeFile(join(folder, 'libonnxruntime_providers_cuda.so'), '');
    expect(missingRuntimePart(folder)).toBeUndefined();
    expect(missingSystemPart(folder)).toMatch(/providers_shared\.so: file too short; .*libcuda\.so\.1 comes with/);
  });
});

describe('a service that is told to compute on CUDA where there is none', () => {
  const start = async (providers: string) => {
    const app = await AppProcess.spawn('clip-encoder', { GPT4VIDEO_EXECUTION_PROVIDERS: providers });
    const { code } = await app.ended;
    return { code, last: JSON.parse(app.log.at(-1) ?? '{}') as unknown };
  };

  it('does not start, and says on one line what is missing, with what the runtime threw', async () => {
    expect(await start('cuda')).toEqual({ code: 1, last: expect.objectContaining({ code: 'model_unavailable', message: expect.stringMatching(CUDA_PART), cause: expect.stringMatching(CUDA_PART) }) });
    expect(await start('gpu')).toEqual({ code: 1, last: expect.objectContaining({ code: 'configuration', message: expect.stringContaining('there is no provider "gpu"') }) });
  }, 60_000);

  it('starts on the processor when that is allowed, and shows it to probes and in metrics', async () => {
    const app = await AppProcess.start('clip-encoder', { GPT4VIDEO_EXECUTION_PROVIDERS: 'cuda,cpu' });
    try {
      const get = async (url: string) => (await fetch(`http://127.0.0.1:${app.ports.health}${url}`)).text();
      expect(JSON.parse(await get('/health/ready'))).toMatchObject({ ok: true, checks: { 'model:vision': expect.stringMatching(/^degraded: computed by cpu: cuda cannot be had: /) } });
      expect(JSON.parse(await get('/health/model'))).toMatchObject({ models: [{ name: 'vision', execution: { provider: 'cpu', fallback: expect.stringMatching(CUDA_PART) } }] });
      const metrics = await get('/metrics');
      expect(metrics).toContain('gpt4video_model_execution_provider{model="vision",provider="cpu"} 1');
      expect(metrics).toContain('gpt4video_model_fallback{model="vision"} 1');
    } finally {
      await app.remove();
    }
  }, 60_000);
});
