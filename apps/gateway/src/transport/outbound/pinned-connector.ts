import { buildConnector } from 'undici';
import { literalOf, type OutboundPolicy, refused } from './outbound-policy.js';

/** Addresses of a name, in the order to try. */
export abstract class NameResolver {
  /** Rejects when the name has none. */
  abstract resolve(name: string): Promise<readonly string[]>;
}

/** Opens a socket to exactly the address in `hostname`; TLS is checked against `servername`. */
export abstract class SocketConnector {
  abstract readonly connect: buildConnector.connector;
}

/**
 * A connector that resolves a name once, checks every address, and connects to the one it checked: between the check and the
 * connection nothing is looked up again (DNS rebinding).
 */
export function pinnedConnector(policy: OutboundPolicy, names: NameResolver, sockets: SocketConnector): buildConnector.connector {
  return (options, callback) => {
    const url = new URL(`${options.protocol}//${options.host ?? options.hostname}`);
    const literal = literalOf(url);
    const addresses = literal === undefined ? names.resolve(url.hostname) : Promise.resolve([literal]);
    addresses
      .catch((error: unknown) => Promise.reject(refused(`the name "${url.hostname}" cannot be resolved`, 'check its spelling', error)))
      .then((found) => policy.choose(url, found))
      .then(
        (address) => sockets.connect({ ...options, hostname: address, servername: options.servername ?? (literal === undefined ? url.hostname : '') }, callback),
        (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null),
      );
  };
}
