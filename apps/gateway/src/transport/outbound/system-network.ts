import { lookup } from 'node:dns/promises';
import { buildConnector } from 'undici';
import { NameResolver, SocketConnector } from './pinned-connector.js';

const CONNECT_MS = 10_000;

/** The names that this machine's resolver knows. */
export class SystemResolver extends NameResolver {
  override async resolve(name: string): Promise<readonly string[]> {
    return (await lookup(name, { all: true })).map(({ address }) => address);
  }
}

/** Real sockets. */
export class SystemConnector extends SocketConnector {
  override readonly connect = buildConnector({ timeout: CONNECT_MS });
}
