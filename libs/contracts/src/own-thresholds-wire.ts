import type { OwnThresholds as WireThresholds } from './gen/gpt4video/safety/v1/safety_service.js';

/** Thresholds of a tenant's own, as services know them. */
interface Thresholds {
  readonly shadow: boolean;
  readonly thresholds: Readonly<Record<string, number>>;
  readonly frameThreshold?: number;
}

/** Thresholds of a tenant's own on the wire. */
export function ownToWire({ shadow, thresholds, frameThreshold }: Thresholds): WireThresholds {
  return { shadow, thresholds: { ...thresholds }, frameThreshold };
}

/** The same as they were sent; the stage that decides by them checks their bounds. */
export function ownFromWire({ shadow, thresholds, frameThreshold }: WireThresholds): Thresholds {
  return { shadow, thresholds, ...(frameThreshold === undefined ? {} : { frameThreshold }) };
}
