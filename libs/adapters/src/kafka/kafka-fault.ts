import { DomainError } from '@gpt4video/ports/errors';

const BROKER_GONE: ReadonlySet<string> = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSNoBrokerAvailableError',
  'KafkaJSBrokerNotFound',
  'KafkaJSTimeout',
  'KafkaJSLockTimeout',
]);

/** True when no broker answered, so that nothing is known of what was asked. */
export function isBrokerGone(thrown: unknown): boolean {
  return chain(thrown).some((fault) => BROKER_GONE.has(fault.name) || ('code' in fault && fault.code === 'deadline_exceeded'));
}

/** True when the broker said so; the name is one of the protocol, such as `MESSAGE_TOO_LARGE`. */
export function isProtocolFault(thrown: unknown, name: string): boolean {
  return chain(thrown).some((fault) => 'type' in fault && fault.type === name);
}

/** The error of the port: whoever publishes keeps the fact and tries again. */
export function unavailable(cause: unknown): DomainError {
  const [first] = chain(cause);
  const why = first === undefined ? '' : ` (${first.message})`;
  return new DomainError('unavailable', `Kafka did not take the request${why}; it is tried again.`, { retryAfterMs: 1_000, cause });
}

function chain(thrown: unknown): readonly Error[] {
  const faults: Error[] = [];
  for (let fault = thrown; fault instanceof Error && !faults.includes(fault); fault = fault.cause) faults.push(fault);
  return faults;
}
