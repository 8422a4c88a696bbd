import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keptFile } from './kept-file.js';

describe('keptFile', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'kept-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('gives one who was slow to make it the text of one who was quick, and leaves nothing beside it', async () => {
    const path = join(folder, 'deep/secret');
    expect(await keptFile(path, () => keptFile(path, () => 'quick').then(() => 'slow'))).toBe('quick');
    expect(await keptFile(path, () => 'another')).toBe('quick');
    expect(await readdir(join(folder, 'deep'))).toEqual(['secret']);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('does not make anew what it may not or cannot read', async () => {
    await expect(keptFile(folder, () => 'text')).rejects.toMatchObject({ code: 'EISDIR' });
  });
});
