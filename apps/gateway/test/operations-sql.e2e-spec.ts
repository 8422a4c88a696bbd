import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { TestDatabase } from './test-database.js';

const PAGES = join(import.meta.dirname, '../../../docs/operations');

/** The SQL of a page, as `psql` is given it. */
function sqlOf(page: string, key: string): readonly string[] {
  const blocks = [...readFileSync(join(PAGES, page), 'utf8').matchAll(/<<'SQL'\n(.*?)\nSQL/gs)].map(([, text = '']) => text);
  return blocks.map((text) => text.replaceAll(":'key'", `'${key}'`));
}

describe('the SQL that operators are told to type', () => {
  let world: TestDatabase;

  beforeAll(async () => {
    world = await TestDatabase.start();
  });

  afterAll(() => world.stop());

  const run = async (text: string) => {
    for (const statement of text.split(';').filter((part) => part.trim() !== '')) await sql.raw(statement).execute(world.database.kysely);
  };
  const keys = () => world.database.kysely.selectFrom('api_keys').select(['sha256', 'name', 'revoked_at']).execute();

  it('makes a key that the gateway knows by its digest, and revokes one', async () => {
    const [make = '', revoke = ''] = sqlOf('keys.md', 'sk-new');
    await run(make);
    expect(await keys()).toEqual([{ sha256: createHash('sha256').update('sk-new').digest('hex'), name: 'backend 2', revoked_at: null }]);
    await run(revoke.replace('backend 1', 'backend 2'));
    expect((await keys()).map(({ revoked_at: at }) => at === null)).toEqual([false]);
  });

  it('counts what is queued', async () => {
    for (const text of sqlOf('generation.md', '')) await run(text);
    expect(sqlOf('generation.md', '')).toHaveLength(1);
  });
});
