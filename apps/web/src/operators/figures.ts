/** What stands where a figure is not known. */
export const UNKNOWN = '–';

/** A count. */
export function countOf(value: number | null): string {
  return value === null ? UNKNOWN : value.toLocaleString('en');
}

/** A rate with a decimal where it is small. */
export function rateOf(value: number | null): string {
  return value === null ? UNKNOWN : value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 1 : 0 });
}

/** A duration in the unit that a person would use. */
export function durationOf(ms: number | null): string {
  if (ms === null) return UNKNOWN;
  if (ms < 1) return ms === 0 ? '0' : '< 1 ms';
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  return `${(ms / 3_600_000).toFixed(1)} h`;
}

/** Bytes in the unit that a person would use. */
export function bytesOf(bytes: number): string {
  if (bytes < 1e6) return `${Math.round(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** Milliseconds between two moments, null when one is missing. */
export function between(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : Math.max(0, to - from);
}
