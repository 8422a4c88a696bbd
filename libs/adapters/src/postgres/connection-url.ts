import type { PgConnection } from './pg-database.js';

/** The connection as the one URL that a process's configuration takes. */
export function connectionUrl(connection: PgConnection): string {
  if ('url' in connection) return connection.url;
  const { user, password, host, port, database } = connection;
  return `postgres://${user}:${encodeURIComponent(password)}@${host}:${port}/${database}`;
}
