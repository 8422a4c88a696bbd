import type { OwnThresholds } from '@gpt4video/model/safety/own-thresholds';

/** Thresholds of a tenant's own, where they differ from the policy's. */
export interface TenantSafety {
  /** enforce: they decide; shadow: what they would decide is counted, and the policy decides. */
  readonly mode: 'enforce' | 'shadow';
  /** Score from which a text is refused, by category, 0 to 1. */
  readonly thresholds: Readonly<Record<string, number>>;
  /** Score from which a frame of a video or film is flagged, 0 to 1; the policy's when absent. */
  readonly frameThreshold?: number;
}

/** The thresholds as the stage that decides by them reads them. */
export function ownThresholds({ mode, thresholds, frameThreshold }: TenantSafety): OwnThresholds {
  return { shadow: mode === 'shadow', thresholds, ...(frameThreshold === undefined ? {} : { frameThreshold }) };
}

/** A customer of the service: objects of one are invisible to another. */
export interface Tenant {
  readonly id: string;
  readonly name: string;
  /** Requests in a minute; the server's default when absent. */
  readonly requestsPerMinute?: number;
  /** Tokens of its chat turns in a minute; the server's default when absent. */
  readonly tokensPerMinute?: number;
  /** Chat turns at once; the server's default when absent. */
  readonly concurrency?: number;
  readonly safety?: TenantSafety;
}
