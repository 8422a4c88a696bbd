import { DomainError } from '@gpt4video/ports/errors';

/** The library as it is imported. */
export type C2paLibrary = typeof import('@contentauth/c2pa-node');

/**
 * Loads the native library. Its package carries the Linux x64 build; elsewhere its own script fetches one.
 * Throws `model_unavailable` with the remedy.
 */
export async function loadC2pa(): Promise<C2paLibrary> {
  try {
    const library = await import('@contentauth/c2pa-node');
    library.Builder.new();
    return library;
  } catch (error) {
    const remedy = 'run "node node_modules/@contentauth/c2pa-node/scripts/postinstall.cjs", which fetches it from its makers';
    throw new DomainError('model_unavailable', `The C2PA library does not load on ${process.platform} ${process.arch}; ${remedy}.`, { cause: error });
  }
}

/**
 * Settings as the native side reads them (the library passes objects on with names that it then ignores).
 * Nothing is fetched while a manifest is read or written: not a remote manifest, not a certificate's status.
 */
export function offlineSettings({ settingsToJson }: C2paLibrary, trustAnchors: string): string {
  return settingsToJson({
    verify: { verifyAfterSign: false, verifyTrust: true, remoteManifestFetch: false, ocspFetch: false },
    trust: { verifyTrustList: true, trustAnchors },
    builder: { thumbnail: { enabled: false } },
  });
}

/** Media type of every film. */
export const MP4 = 'video/mp4';
