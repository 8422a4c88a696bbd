import type { Manifest, ManifestStore } from '@contentauth/c2pa-types';
import type { ManifestReading, ManifestState } from '@gpt4video/ports/provenance';

/** Label of the assertion that names the bundle. */
export const BUNDLE_ASSERTION = 'org.gpt4video.bundle';

// Says that the signer is not among the trusted; the manifest may be whole all the same.
const UNTRUSTED = 'signingCredential.untrusted';

/** What a manifest store amounts to for people. */
export function readingOf(store: ManifestStore): ManifestReading {
  const faults = [...new Set((store.validation_status ?? []).map(({ code }) => code))];
  const active = store.manifests?.[store.active_manifest ?? ''];
  if (active === undefined) return { state: 'broken', faults: faults.length > 0 ? faults : ['manifest.unreadable'] };
  return { state: stateOf(String(store.validation_state), faults), faults, ...describe(active) };
}

function stateOf(validation: string, faults: readonly string[]): ManifestState {
  if (validation === 'Trusted') return 'ours';
  return validation === 'Valid' && faults.every((code) => code === UNTRUSTED) ? 'valid' : 'broken';
}

function describe(manifest: Manifest): Partial<ManifestReading> {
  const [generator] = manifest.claim_generator_info ?? [];
  const signer = manifest.signature_info?.issuer;
  const revision = textIn(dataOf(manifest, BUNDLE_ASSERTION), 'revision');
  const source = createdFrom(manifest);
  return {
    ...(generator === undefined ? {} : { generator: [generator.name, generator.version].filter(Boolean).join(' ') }),
    ...(signer === undefined || signer === null ? {} : { signer }),
    ...(source === undefined ? {} : { digitalSourceType: source }),
    ...(revision === undefined ? {} : { bundleRevision: revision }),
  };
}

function createdFrom(manifest: Manifest): string | undefined {
  const actions = ['c2pa.actions.v2', 'c2pa.actions'].map((label) => dataOf(manifest, label)).find((data) => data !== undefined);
  const list = isRecord(actions) && Array.isArray(actions['actions']) ? (actions['actions'] as unknown[]) : [];
  return textIn(list.find((action) => textIn(action, 'action') === 'c2pa.created'), 'digitalSourceType');
}

function dataOf(manifest: Manifest, label: string): unknown {
  return manifest.assertions?.find((assertion) => assertion.label === label)?.data;
}

function textIn(value: unknown, name: string): string | undefined {
  return isRecord(value) && typeof value[name] === 'string' ? value[name] : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
