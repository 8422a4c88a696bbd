import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

// Prefixes that carry an IPv4 address somewhere else than where a router looks: the address within would decide, so none is let through.
const TRANSLATED = ['64:ff9b::/96', '64:ff9b:1::/48', '2002::/16', '2001::/32', '::/96'].map((range) => ipaddr.IPv6.parseCIDR(range));

/**
 * True for an address of the public Internet. Everything with a special purpose is not: private, loopback, link-local, shared,
 * multicast, reserved and documentation ranges (IANA's special-purpose registries), and every form that wraps an IPv4 address.
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0 || address.includes('%')) return false;
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.range() === 'unicast';
  if (parsed.isIPv4MappedAddress() || TRANSLATED.some((range) => parsed.match(range))) return false;
  return parsed.range() === 'unicast';
}
