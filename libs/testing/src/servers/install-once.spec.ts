import { mkdir, mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Installation, installOnce } from './install-once.js';
import { runTool } from './run-tool.js';

describe('installOnce', () => {
  let root: string;
  let builds: number;

  const installation = (install: Installation['install']): Installation => ({ name: 'server', version: '1', cost: 'nothing', install });
  const slowly = installation(async (folder) => {
    builds += 1;
    await new Promise((resolve) => setTimeout(resolve, 100));
    await writeFile(join(folder, 'program'), 'whole');
  });

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'install-'));
    builds = 0;
  });

  afterEach(() => rm(root, { recursive: true, force: true }));

  it('builds once for two who ask at the same time, and leaves nothing else behind', async () => {
    const [first, second] = await Promise.all([installOnce(slowly, root), installOnce(slowly, root)]);
    expect(first).toBe(second);
    expect(builds).toBe(1);
    expect(await readFile(join(first, 'program'), 'utf8')).toBe('whole');
    expect(await readdir(join(root, 'server'))).toEqual(['1']);
  });

  it('shows nothing of a build that failed, and builds again', async () => {
    const failing = installation(async (folder) => {
      await writeFile(join(folder, 'program'), 'half');
      throw new Error('the disk is full');
    });
    await expect(installOnce(failing, root)).rejects.toThrow('the disk is full');
    expect(await readdir(join(root, 'server'))).toEqual([]);
    await installOnce(slowly, root);
    expect(builds).toBe(1);
  });

  it('takes over the lock of a process that died', async () => {
    await mkdir(join(root, 'server'));
    const lock = join(root, 'server', '1.lock');
    await writeFile(lock, '1\n');
    await utimes(lock, new Date(), new Date(Date.now() - 60_000));
    await installOnce(slowly, root);
    expect(builds).toBe(1);
  });
});

describe('runTool', () => {
  it('says in one sentence which tool is missing and what to install', async () => {
    await expect(runTool({ program: 'no-such-compiler', remedy: 'the compiler' }, [], { cwd: tmpdir() })).rejects.toThrow(/^"no-such-compiler" is not on the PATH; install the compiler\.$/);
  });

  it('tells the last words of a tool that failed', async () => {
    await expect(runTool({ program: 'node', remedy: 'Node' }, ['-e', 'console.error("out of stars"); process.exit(3)'], { cwd: tmpdir() })).rejects.toThrow(/ended with 3:\nout of stars/);
  });
});
