import type { ChannelOptions } from '@grpc/grpc-js';

/** Largest message, in bytes: frames of a film on their way to screening fit. */
export const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** Both ends of every channel: bounded messages, and pings that find a peer that died without a word. */
export const CHANNEL_OPTIONS: ChannelOptions = {
  'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
  'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
};
