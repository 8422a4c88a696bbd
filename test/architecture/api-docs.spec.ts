import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '../..');

describe('the pages of the API', () => {
  it('list every error code of the code, and no other', async () => {
    await promisify(execFile)(process.execPath, ['scripts/api-docs.mjs', '--check'], { cwd: root });
  });

  it('name routes that exist', async () => {
    const guide = await readFile(resolve(root, 'docs/api/README.md'), 'utf8');
    const named = new Set([...guide.matchAll(/`(?:GET|POST) (\/v1\/[\w/{}]+)/g)].map(([, path = '']) => path));
    const { stdout } = await promisify(execFile)('grep', ['-rhoE', "@Controller\\('v1/[^']+'", 'apps/gateway/src/transport/http'], { cwd: root });
    for (const path of named) expect(stdout).toContain(path.slice(1).replace('{id}', ':id'));
  });
});
