import { type ManifestReading, ProvenanceReader } from '@gpt4video/ports/provenance';
import { type C2paLibrary, loadC2pa, MP4, offlineSettings } from './c2pa-library.js';
import { carriesManifest } from './carries-manifest.js';
import { readingOf } from './manifest-reading.js';

/** Reads manifests by the library of the Content Authenticity Initiative. */
export class C2paReader extends ProvenanceReader {
  private constructor(
    private readonly library: C2paLibrary,
    private readonly settings: string,
  ) {
    super();
  }

  /** `trustAnchors`, PEM: the roots whose signatures count as ours. Throws `model_unavailable` when the library does not load. */
  static async open(trustAnchors: string): Promise<C2paReader> {
    const library = await loadC2pa();
    return new C2paReader(library, offlineSettings(library, trustAnchors));
  }

  override async read(path: string, signal: AbortSignal): Promise<ManifestReading> {
    signal.throwIfAborted();
    try {
      const reader = await this.library.Reader.fromAsset({ path, mimeType: MP4 }, this.settings);
      return reader === null ? { state: 'none', faults: [] } : readingOf(reader.json());
    } catch {
      // The library says the same of a file that is no MP4 and of one whose manifest is damaged.
      return (await carriesManifest(path)) ? { state: 'broken', faults: ['manifest.unreadable'] } : { state: 'none', faults: [] };
    }
  }
}
