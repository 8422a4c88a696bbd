import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectionUrl } from '@gpt4video/adapters/postgres/connection-url';
import { EmbeddedPostgres } from '@gpt4video/adapters/postgres/embedded-postgres';
import { PgDatabase } from '@gpt4video/adapters/postgres/pg-database';
import { SystemClock } from '@gpt4video/platform/system-clock';
import { sql } from 'kysely';

const ENTRY = join(import.meta.dirname, '../dist/migration-main.js');

describe('the migrations as a process of their own', () => {
  let directory: string;
  let server: EmbeddedPostgres;
  let url: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'gpt4video-migration-'));
    await chmod(directory, 0o755);
    server = await EmbeddedPostgres.start({ directory });
    url = connectionUrl(server.connection);
  });

  afterAll(async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('make every table, in one of many processes that start at once', async () => {
    const runs = await Promise.all([migrateWith(url), migrateWith(url)]);
    expect(runs.map(({ code }) => code)).toEqual([0, 0]);
    const applied = runs.flatMap(({ lines }) => lines.flatMap((line) => (line['applied'] as string[] | undefined) ?? []));
    expect(applied).toContain('0001-tenants-and-files');
    expect(applied).toEqual([...new Set(applied)]);
    const pool = new PgDatabase<unknown>(server.connection, { clock: new SystemClock() });
    const { rows } = await sql<{ name: string | null }>`select to_regclass('generations')::text as name`.execute(pool.kysely);
    await pool.close();
    expect(rows).toEqual([{ name: 'generations' }]);
  });

  it('do nothing a second time', async () => {
    expect(await migrateWith(url)).toMatchObject({ code: 0, lines: [{ message: 'the tables are up to date', applied: [] }] });
  });

  it('fail, and say so on one line, where there is no database', async () => {
    const { code, lines } = await migrateWith('postgres://nobody:nothing@127.0.0.1:9/none');
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatchObject({ level: 'error', app: 'gateway migration' });
  });
});

function migrateWith(databaseUrl: string): Promise<{ readonly code: number; readonly lines: readonly Record<string, unknown>[] }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [ENTRY], { env: { PATH: process.env['PATH'], GPT4VIDEO_DATABASE_URL: databaseUrl } }, (_, stdout, stderr) => {
      const lines = `${stdout}${stderr}`.split('\n').filter((line) => line.startsWith('{'));
      resolve({ code: child.exitCode ?? -1, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) });
    });
  });
}
