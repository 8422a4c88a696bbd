import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

/** Puts two megabytes, fails at four more, makes room, puts them; prints what happened. */
const STORY = `
  import { FilesystemObjectStore } from '@gpt4video/adapters/filesystem/filesystem-object-store';
  import { readdir } from 'node:fs/promises';
  const store = await FilesystemObjectStore.open(process.argv[1]);
  const put = (key, megabytes) => store.put(key, new Uint8Array(megabytes << 20), { mediaType: 'video/mp4' }).then(() => 'stored', ({ code, message, retryAfterMs }) => ({ code, message, retryAfterMs }));
  const first = await put('a/one', 2);
  const second = await put('a/two', 4);
  const left = await readdir(process.argv[1] + '/staging');
  const there = (await store.find('a/two')) !== undefined;
  await store.delete('a/one');
  console.log(JSON.stringify({ first, second, left, there, again: await put('a/two', 4) }));
`;

describe('a file system that is full', () => {
  let folder: string;
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'full-'))));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is told as storage_full, leaves nothing half, and takes more when there is room', async () => {
    // A disk of five megabytes: memory that is mounted for this process alone.
    const script = `mount -t tmpfs -o size=5m none '${folder}' && exec "$0" --input-type=module -e "$STORY" '${folder}'`;
    const { stdout } = await run('unshare', ['--user', '--map-root-user', '--mount', 'sh', '-c', script, join(root, 'node_modules/.bin/node')], { cwd: root, env: { ...process.env, STORY } });
    expect(JSON.parse(stdout)).toEqual({ first: 'stored', second: { code: 'storage_full', message: expect.stringContaining('make room'), retryAfterMs: 30_000 }, left: [], there: false, again: 'stored' });
  });
});
