import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { runPython } from '@gpt4video/testing/servers/python-clients';
import { ServerProcess, TEST_KEY, makeDataFolder } from './server-process.js';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');

describe('the quick starts, as they are printed', () => {
  let server: ServerProcess;
  let data: Awaited<ReturnType<typeof makeDataFolder>>;
  let page: string;
  let env: Record<string, string>;
  beforeAll(async () => {
    data = await makeDataFolder();
    server = await ServerProcess.start(data.path);
    page = await readFile(join(root, 'docs/api/quickstart.md'), 'utf8');
    env = { OPENAI_BASE_URL: `${server.url}/v1`, OPENAI_API_KEY: TEST_KEY };
    await copyFile(join(root, 'models/cartoon/samples/red-star.mp4'), join(data.path, 'clip.mp4'));
  }, 180_000);
  afterAll(async () => {
    await server?.stop();
    await data.remove();
  }, 60_000);

  const block = (language: string): string => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? '';
  const isFilm = async (name: string): Promise<boolean> => (await readFile(join(data.path, name))).subarray(4, 8).toString('latin1') === 'ftyp';

  it('curl', async () => {
    const { stdout } = await run('bash', ['-ec', block('sh')], { cwd: data.path, env: { ...process.env, ...env } });
    expect(stdout).toContain('data: [DONE]');
    expect(stdout).toContain('event: completed');
    expect(await isFilm('curl.mp4')).toBe(true);
  }, 120_000);

  it('Python', async () => {
    expect((await runPython(['-c', block('python')], { cwd: data.path, env })).toLowerCase()).toContain('star');
    expect(await isFilm('python.mp4')).toBe(true);
  }, 120_000);

  it('TypeScript', async () => {
    // Beside the repository's packages, where `openai` is found; Node strips the types.
    const program = join(root, 'test-results', `quickstart-${process.pid}.mts`);
    await mkdir(join(root, 'test-results'), { recursive: true });
    await writeFile(program, block('ts'));
    const { stdout } = await run(join(root, 'node_modules/.bin/node'), [program], { cwd: data.path, env: { ...process.env, ...env } }).finally(() => rm(program));
    expect(stdout.toLowerCase()).toContain('star');
    expect(await isFilm('typescript.mp4')).toBe(true);
  }, 120_000);
});
