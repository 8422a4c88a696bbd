import { DomainError } from '@gpt4video/ports/errors';
import { isPublicAddress } from './address-rules.js';

/** Where the service may go. */
export interface OutboundRules {
  /** Host names that media are read from, `*.example.com` for a whole domain; any when empty. */
  readonly mediaHosts: readonly string[];
  /** `host:port` that may be private and answer without TLS, such as a receiver inside the same network. */
  readonly privateHosts: readonly string[];
}

/** Decides about URLs before and addresses after their names are resolved. */
export class OutboundPolicy {
  constructor(private readonly rules: OutboundRules) {}

  /** The URL when its form is acceptable. Throws `unsupported_media` saying what is not. */
  admit(text: string): URL {
    if (!URL.canParse(text)) throw refused('it is no URL', 'write https://host/path');
    const url = new URL(text);
    if (url.username !== '' || url.password !== '') throw refused('it holds a name or password', 'sign the URL instead');
    if (this.isPrivateHost(url)) return url;
    if (url.protocol !== 'https:') throw refused(`its scheme is "${url.protocol.slice(0, -1)}"`, 'use https');
    if (url.port !== '') throw refused(`its port is ${url.port}`, 'use the port of https');
    const literal = literalOf(url);
    if (literal !== undefined && !isPublicAddress(literal)) throw refused('its address is not public', 'upload the file with POST /v1/files');
    return url;
  }

  /** Throws `unsupported_media` when media are read from a list of hosts and this is none of them. */
  admitMediaHost({ hostname }: URL): void {
    const { mediaHosts } = this.rules;
    const listed = mediaHosts.some((rule) => (rule.startsWith('*.') ? hostname.endsWith(rule.slice(1)) : hostname === rule));
    if (mediaHosts.length > 0 && !listed) throw refused(`the host "${hostname}" is not on this server’s list`, 'upload the file with POST /v1/files');
  }

  /** The first address to connect to. Throws `unsupported_media` when any of them is not public: a name with both is an attempt. */
  choose(url: URL, addresses: readonly string[]): string {
    const [first] = addresses;
    if (first === undefined) throw refused(`the name "${url.hostname}" has no address`, 'check its spelling');
    if (!this.isPrivateHost(url) && !addresses.every(isPublicAddress)) throw refused('its address is not public', 'upload the file with POST /v1/files');
    return first;
  }

  private isPrivateHost(url: URL): boolean {
    const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
    return (url.protocol === 'https:' || url.protocol === 'http:') && this.rules.privateHosts.includes(`${url.hostname}:${port}`);
  }
}

/** The address that a host name is, if it is one: names are resolved, addresses are not. */
export function literalOf({ hostname }: URL): string | undefined {
  if (hostname.startsWith('[')) return hostname.slice(1, -1);
  return /^\d+(\.\d+){3}$/.test(hostname) ? hostname : undefined;
}

/** A refusal to go there. */
export function refused(reason: string, remedy: string, cause?: unknown): DomainError {
  return new DomainError('unsupported_media', `The URL is not fetched: ${reason}; ${remedy}.`, cause === undefined ? {} : { cause });
}
