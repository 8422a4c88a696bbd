import type { AssetRef } from '@gpt4video/ports/asset-ref';
import type { VideoFacts } from '@gpt4video/ports/video-codec';

/** One decoded video: facts about it and the artifacts sampled from it. */
export interface FrameSet {
  /** `frames` `[T, size, size, 3]` RGB bytes, safetensors. */
  readonly understanding: AssetRef;
  /** `frames` `[10, size, size, 3]` RGB bytes, safetensors. */
  readonly screening: AssetRef;
  /** WebP. */
  readonly thumbnail: AssetRef;
  /** The understanding frames as people see them, JPEG, in order. */
  readonly stills: readonly AssetRef[];
  readonly facts: VideoFacts;
  /** Milliseconds from the first frame, one per understanding frame. */
  readonly understandingTimestampsMs: readonly number[];
  /** Milliseconds from the first frame, one per screening frame. */
  readonly screeningTimestampsMs: readonly number[];
}

/** Every artifact that the set refers to. */
export function artifactsOf(set: FrameSet): readonly AssetRef[] {
  return [set.understanding, set.screening, set.thumbnail, ...set.stills];
}

/** The set as the bytes of its own artifact: JSON, UTF-8. */
export function encodeFrameSet(set: FrameSet): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(set));
}

/** Reads what `encodeFrameSet` wrote; undefined when it is something else, so that the caller extracts anew. */
export function decodeFrameSet(bytes: Uint8Array): FrameSet | undefined {
  const value = parseJson(bytes);
  if (!isRecord(value) || !isRecord(value.facts)) return undefined;
  const refs = [value.understanding, value.screening, value.thumbnail];
  const lists = [value.stills, value.understandingTimestampsMs, value.screeningTimestampsMs];
  if (!refs.every(isAssetRef) || !lists.every(Array.isArray)) return undefined;
  return value as unknown as FrameSet;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isAssetRef(value: unknown): value is AssetRef {
  return isRecord(value) && typeof value.key === 'string' && typeof value.sha256 === 'string' && typeof value.bytes === 'number';
}
