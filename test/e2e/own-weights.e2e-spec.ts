import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { modelCacheFolder, sourcePath } from '@gpt4video/adapters/bundle/model-cache';
import { readManifest } from '@gpt4video/adapters/bundle/load-bundle';
import { ServerProcess, json, makeDataFolder } from './server-process.js';

const root = resolve(import.meta.dirname, '../..');
const gpt4video = (...args: string[]) => promisify(execFile)('node_modules/.bin/node', ['apps/cli/bin/gpt4video.mjs', 'models', ...args], { cwd: root });

describe('a bundle of weights from elsewhere', () => {
  let data: Awaited<ReturnType<typeof makeDataFolder>>;
  const into = (): string => resolve(data.path, 'mine');

  beforeAll(async () => {
    data = await makeDataFolder();
  });
  afterAll(() => data.remove());

  it('is imported from a GGUF file without the adapter, verified, and serves', async () => {
    const { manifest } = await readManifest(resolve(root, 'models/cartoon'));
    if (manifest.language.base === undefined) throw new Error('the shipped bundle has no base model');
    await gpt4video('import', '--into', into(), '--language', sourcePath(modelCacheFolder(process.env), manifest.language.base));
    expect((await gpt4video('verify', '--bundle', into())).stdout).toContain('every file is as it should be');
    expect((await gpt4video('card', '--bundle', into())).stdout).toMatch(/\| language \|.*stored \|/);

    const server = await ServerProcess.start(resolve(data.path, 'data'), ['--bundle', into()]);
    try {
      const models = await json<{ data: { id: string }[] }>(await server.request('/v1/models'));
      const [model] = models.data;
      const asked = { model: model?.id, temperature: 0, messages: [{ role: 'user', content: 'What is the capital of France?' }] };
      const answer = await json<{ choices: { message: { content: string } }[] }>(await server.post('/v1/chat/completions', asked));
      expect(answer.choices[0]?.message.content).toMatch(/Paris/);
    } finally {
      expect(await server.stop()).toBe(0);
    }
  }, 240_000);

  it('leaves nothing behind when a source is not what it should be', async () => {
    const other = resolve(data.path, 'other');
    await expect(gpt4video('import', '--into', other, '--language', 'package.json')).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('package.json') });
    await expect(rm(other, { recursive: true })).rejects.toMatchObject({ code: 'ENOENT' });
  }, 60_000);
});
