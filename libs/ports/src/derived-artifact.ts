import type { AssetRef } from './asset-ref.js';
import { isDomainError } from './errors.js';
import type { ObjectStore } from './object-store.js';

/** Bytes of an artifact, with the claim check under which they were read. */
export interface DerivedArtifact {
  readonly ref: AssetRef;
  readonly bytes: Uint8Array;
}

/**
 * Reads an artifact that `obtain` can make again. One that is missing or corrupt is removed and obtained once more,
 * so that a damaged cache mends itself; a second fault is thrown.
 */
export async function readDerived(store: ObjectStore, obtain: () => Promise<AssetRef>): Promise<DerivedArtifact> {
  const ref = await obtain();
  try {
    return { ref, bytes: await store.read(ref) };
  } catch (error) {
    if (!isDomainError(error) || !REPAIRABLE.has(error.code)) throw error;
    await store.delete(ref.key);
  }
  const again = await obtain();
  return { ref: again, bytes: await store.read(again) };
}

const REPAIRABLE: ReadonlySet<string> = new Set(['artifact_missing', 'artifact_corrupt']);
