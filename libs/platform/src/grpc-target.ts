import type { ChannelOptions } from '@grpc/grpc-js';
import { CHANNEL_OPTIONS } from './channel-options.js';

/** `host:port`, or `ip:port` of several replicas with commas between. */
export const PEER_ADDRESS = /^([^\s:,]+:\d+|\d+(\.\d+){3}:\d+(,\d+(\.\d+){3}:\d+)+)$/;

/** What a channel connects to: every replica behind a name, or every one of a list. */
export function grpcTarget(address: string): string {
  return address.includes(',') ? `ipv4:${address}` : address;
}

/**
 * Calls go round the replicas that answer. Lost ones are tried again at least every second, and names are resolved again, so that a
 * replica that came back or was added is found before another one leaves.
 */
export const CLIENT_OPTIONS: ChannelOptions = {
  ...CHANNEL_OPTIONS,
  'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
  'grpc.dns_min_time_between_resolutions_ms': 1_000,
};
